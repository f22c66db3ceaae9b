package io.plumbline.inference.lora;

import io.plumbline.inference.pool.AdapterId;
import io.plumbline.inference.pool.InferenceException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The adapters of one model by id, each with the number of requests that use it. An adapter that was withdrawn is
 * unknown to new requests at once and released when the last old one is done. Thread-safe.
 */
public final class AdapterSlots {
    private final Map<AdapterId, Slot> slots = new HashMap<>();
    private final Consumer<ResidentAdapter> release;
    private long nextNumber = 1;

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
                }
            }
        }
    }

    /** @param release frees an adapter that nobody uses any more; called under a lock, so it must only hand on */
    public AdapterSlots(Consumer<ResidentAdapter> release) {
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
        if (slots.putIfAbsent(id, new Slot(adapter, nextNumber)) != null) {
            release.accept(adapter);
            return;
        }
        nextNumber++;
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
            slot.withdrawn = true;
            releaseIfFree(slot);
        }
    }

    /** Withdraws every adapter. */
    public synchronized void withdrawAll() {
        List.copyOf(slots.keySet()).forEach(this::withdraw);
    }

    private void releaseIfFree(Slot slot) {
        if (slot.withdrawn && slot.leases == 0) {
            release.accept(slot.adapter);
        }
    }
}
