package io.plumbline.inference.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which adapter each row of a step uses.
 *
 * @param in input features of the layer
 * @param out output features of the layer
 * @param adapterOfRow per row an index into {@code adapters}, -1 = none
 * @param adapters the layer's delta per adapter slot; null where that adapter does not touch this layer
 */
public record LoraBatch(int in, int out, int[] adapterOfRow, List<@Nullable LoraAdapter> adapters) {
    public int rows() {
        return adapterOfRow.length;
    }

    /** The largest rank in use; the intermediate T has this many columns. */
    public int maxRank() {
        int max = 0;
        for (LoraAdapter adapter : adapters) {
            max = adapter == null ? max : Math.max(max, adapter.rank());
        }
        return max;
    }
}
