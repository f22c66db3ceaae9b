package io.plumbline.inference.model;

import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraTable;
import io.plumbline.inference.kernel.Weight;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The adapters of a step, and what each linear layer needs of them. A set can serve many steps: the adapters that meet
 * in one mostly meet again in the next, and hundreds of tables need not be made anew. For one thread.
 */
public final class AdapterSet {
    /** No adapters. */
    public static final AdapterSet NONE = new AdapterSet(List.of());

    private final List<AdapterWeights> adapters;
    private final Map<AdapterWeights, Integer> slots = new IdentityHashMap<>();
    private final List<Map<Projection, LoraTable>> tables = new ArrayList<>();

    /** @param adapters by slot */
    public AdapterSet(List<AdapterWeights> adapters) {
        this.adapters = List.copyOf(adapters);
        for (AdapterWeights weights : adapters) {
            slots.put(weights, slots.size());
        }
    }

    /** Exactly the wanted adapters: this set if it holds no others, whatever their order, else a new one. */
    public AdapterSet exactly(Collection<AdapterWeights> wanted) {
        Set<AdapterWeights> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        distinct.addAll(wanted);
        return distinct.equals(slots.keySet()) ? this : new AdapterSet(List.copyOf(distinct));
    }

    /** The slot of an adapter of this set. */
    public int slot(AdapterWeights weights) {
        Integer slot = slots.get(weights);
        if (slot == null) {
            throw new IllegalArgumentException("the adapter is not in this set");
        }
        return slot;
    }

    /** By slot. */
    public List<AdapterWeights> adapters() {
        return adapters;
    }

    /** The deltas of one linear layer, or null if none of the adapters touches it. */
    @Nullable
    LoraTable table(int layer, Projection projection, Weight weight) {
        if (adapters.isEmpty()) {
            return null;
        }
        while (tables.size() <= layer) {
            tables.add(new EnumMap<>(Projection.class));
        }
        LoraTable table =
                tables.get(layer).computeIfAbsent(projection, p -> make(layer, p, weight.columns(), weight.rows()));
        return table.maxRank() == 0 ? null : table;
    }

    private LoraTable make(int layer, Projection projection, int in, int out) {
        List<@Nullable LoraAdapter> deltas = new ArrayList<>(adapters.size());
        for (AdapterWeights adapter : adapters) {
            deltas.add(adapter.find(layer, projection));
        }
        return new LoraTable(in, out, deltas);
    }
}
