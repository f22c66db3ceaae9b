package io.plumbline.inference.lora;

import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.InferenceException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of one model by id, each with the number of requests that use it. An adapter that was withdrawn is
 * unknown to new requests at once and released when the last old one is done. Beyond the budget, the adapter that was
 * used longest ago is withdrawn; one that is in use stays, so that for as long the budget may be exceeded. Thread-safe.
 */
public final class AdapterSlots {
    /** The longest unused one first. */
    private final Map<AdapterId, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
    /** Those in memory: the ones above, and withdrawn ones that somebody uses. */
    private final Set<Slot> resident = new HashSet<>();

    private final AdapterBudget budget;
    private final Consumer<ResidentAdapter> release;
    private long nextNumber = 1;
    private long bytes;

    /** A loaded adapter and who uses it. */
    private static final class Slot {
        private final ResidentAdapter adapter;
        private final long number;
        private int leases;
        private boolean withdrawn;

        Slot(ResidentAdapter adapter, long number) {
            this.adapter = adapter;
            this.number = number;
        }
    }

    /** A request's hold on an adapter. */
    public final class Lease {
        private final Slot slot;
        private boolean returned;

        private Lease(Slot slot) {
            this.slot = slot;
        }

        public ResidentAdapter adapter() {
            return slot.adapter;
        }

        /** Unique for every loading, so that a reloaded adapter never meets what its predecessor left in a cache. */
        public long number() {
            return slot.number;
        }

        /** The request is done. Idempotent. */
        public void giveBack() {
            synchronized (AdapterSlots.this) {
                if (!returned) {
                    returned = true;
                    slot.leases--;
                    releaseIfFree(slot);
                    keepBudget(null);
                }
            }
        }
    }

    /** @param release frees an adapter that nobody uses any more; called under a lock, so it must only hand on */
    public AdapterSlots(AdapterBudget budget, Consumer<ResidentAdapter> release) {
        this.budget = budget;
        this.release = release;
    }

    public synchronized boolean contains(AdapterId id) {
        return slots.containsKey(id);
    }

    /** Number of adapters that new requests can use. */
    public synchronized int size() {
        return slots.size();
    }

    /** Enters an adapter; if the id is taken already, the newcomer is released. */
    public synchronized void add(AdapterId id, ResidentAdapter adapter) {
        if (slots.containsKey(id)) {
            release.accept(adapter);
            return;
        }
        Slot slot = new Slot(adapter, nextNumber++);
        slots.put(id, slot);
        resident.add(slot);
        bytes += adapter.bytes();
        keepBudget(id);
    }

    /** @throws InferenceException.UnknownAdapter if it is not loaded */
    public synchronized Lease lend(AdapterId id) {
        Slot slot = slots.get(id);
        if (slot == null) {
            throw new InferenceException.UnknownAdapter(id.name());
        }
        slot.leases++;
        return new Lease(slot);
    }

    /** New requests cannot use it any more; unknown ids are ignored. */
    public synchronized void withdraw(AdapterId id) {
        Slot slot = slots.remove(id);
        if (slot != null) {
            bytes -= slot.adapter.bytes();
            slot.withdrawn = true;
            releaseIfFree(slot);
        }
    }

    /** Withdraws and releases every adapter, also those that are lent: nobody computes with them any more. */
    public synchronized void releaseAll() {
        slots.clear();
        bytes = 0;
        resident.forEach(slot -> release.accept(slot.adapter));
        resident.clear();
    }

    /** @param newest the adapter that is to stay, because it was loaded to be used; null = none */
    private void keepBudget(@Nullable AdapterId newest) {
        while (slots.size() > budget.adapters() || bytes > budget.bytes()) {
            Optional<AdapterId> idle = slots.entrySet().stream()
                    .filter(entry ->
                            entry.getValue().leases == 0 && !entry.getKey().equals(newest))
                    .map(Map.Entry::getKey)
                    .findFirst();
            if (idle.isEmpty()) {
                return;
            }
            withdraw(idle.get());
        }
    }

    private void releaseIfFree(Slot slot) {
        if (slot.withdrawn && slot.leases == 0 && resident.remove(slot)) {
            release.accept(slot.adapter);
        }
    }
}
