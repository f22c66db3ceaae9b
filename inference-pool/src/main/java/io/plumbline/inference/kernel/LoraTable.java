package io.plumbline.inference.kernel;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What one linear layer adds for each adapter that may be met in a step. Checked once, used by every step that has the
 * same adapters.
 */
public final class LoraTable {
    private final int in;
    private final int out;
    private final List<@Nullable LoraAdapter> adapters;
    private final int maxRank;
    private @Nullable Object prepared;

    /**
     * @param in input features of the layer
     * @param out output features of the layer
     * @param adapters the layer's delta per adapter slot; null where that adapter does not touch this layer
     * @throws IllegalArgumentException if a delta is not one of such a layer
     */
    public LoraTable(int in, int out, List<? extends @Nullable LoraAdapter> adapters) {
        Ranges.positive("in", in);
        Ranges.positive("out", out);
        int largest = 0;
        for (LoraAdapter adapter : adapters) {
            if (adapter != null) {
                Ranges.holds("adapter A", adapter.a(), adapter.rank(), in);
                Ranges.holds("adapter B", adapter.b(), out, adapter.rank());
                largest = Math.max(largest, adapter.rank());
            }
        }
        this.in = in;
        this.out = out;
        this.adapters = Collections.unmodifiableList(Arrays.asList(adapters.toArray(new LoraAdapter[0])));
        this.maxRank = largest;
    }

    public int in() {
        return in;
    }

    public int out() {
        return out;
    }

    /** By slot. */
    public List<@Nullable LoraAdapter> adapters() {
        return adapters;
    }

    /**
     * What a backend makes of the table for its own use; made once and kept, so it must hold no memory that wants to be
     * freed. A table belongs to one backend, whose buffers it names. For the backend's thread.
     */
    public <T> T prepared(Class<T> type, Function<LoraTable, T> preparation) {
        if (prepared == null) {
            prepared = preparation.apply(this);
        }
        return type.cast(prepared);
    }

    /** The largest rank; the intermediate T has this many columns. 0 = no adapter touches the layer. */
    public int maxRank() {
        return maxRank;
    }
}
