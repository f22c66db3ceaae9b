package io.plumbline.inference.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which adapter each row of a step uses.
 *
 * @param table the deltas of the layer by adapter slot
 * @param adapterOfRow per row a slot of {@code table}, -1 = none
 */
public record LoraBatch(LoraTable table, int[] adapterOfRow) {
    public LoraBatch(int in, int out, int[] adapterOfRow, List<? extends @Nullable LoraAdapter> adapters) {
        this(new LoraTable(in, out, adapters), adapterOfRow);
    }

    public int in() {
        return table.in();
    }

    public int out() {
        return table.out();
    }

    /** The layer's delta per adapter slot; null where that adapter does not touch this layer. */
    public List<@Nullable LoraAdapter> adapters() {
        return table.adapters();
    }

    public int rows() {
        return adapterOfRow.length;
    }

    /** The largest rank of the table; the intermediate T has this many columns. */
    public int maxRank() {
        return table.maxRank();
    }
}
