package io.plumbline.inference.model;

import io.plumbline.inference.kernel.LoraBatch;
import io.plumbline.inference.kernel.LoraTable;
import io.plumbline.inference.kernel.Weight;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which adapter each row of a forward pass uses.
 *
 * @param adapterOfRow per row a slot of {@code adapters}, -1 = none
 * @param adapters the adapters of this pass
 */
public record AdapterRows(int[] adapterOfRow, AdapterSet adapters) {
    /** No adapter on any row. */
    public static AdapterRows none(int rows) {
        int[] adapterOfRow = new int[rows];
        Arrays.fill(adapterOfRow, -1);
        return new AdapterRows(adapterOfRow, AdapterSet.NONE);
    }

    /** The same adapter on every row. */
    public static AdapterRows all(int rows, AdapterWeights adapter) {
        return new AdapterRows(new int[rows], new AdapterSet(List.of(adapter)));
    }

    /** The deltas of one linear layer, or null if no adapter of this pass touches it. */
    public @Nullable LoraBatch batch(int layer, Projection projection, Weight weight) {
        LoraTable table = adapters.table(layer, projection, weight);
        return table == null ? null : new LoraBatch(table, adapterOfRow);
    }
}
