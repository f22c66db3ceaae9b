package io.plumbline.inference.model;

import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.Weight;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which adapter each row of a forward pass uses.
 *
 * @param adapterOfRow per row an index into {@code adapters}, -1 = none
 * @param adapters the adapters of this pass
 */
public record AdapterRows(int[] adapterOfRow, List<AdapterWeights> adapters) {
    public AdapterRows {
        adapters = List.copyOf(adapters);
    }

    /** No adapter on any row. */
    public static AdapterRows none(int rows) {
        int[] adapterOfRow = new int[rows];
        java.util.Arrays.fill(adapterOfRow, -1);
        return new AdapterRows(adapterOfRow, List.of());
    }

    /** The same adapter on every row. */
    public static AdapterRows all(int rows, AdapterWeights adapter) {
        return new AdapterRows(new int[rows], List.of(adapter));
    }

    /** The deltas of one linear layer, or null if no adapter of this pass touches it. */
    public @Nullable LoraBatch batch(int layer, Projection projection, Weight weight) {
        List<@Nullable LoraAdapter> deltas = new ArrayList<>(adapters.size());
        boolean touched = false;
        for (AdapterWeights adapter : adapters) {
            LoraAdapter delta = adapter.find(layer, projection);
            touched |= delta != null;
            deltas.add(delta);
        }
        return touched ? new LoraBatch(weight.columns(), weight.rows(), adapterOfRow, deltas) : null;
    }
}
