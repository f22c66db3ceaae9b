package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import java.util.List;
import java.util.Map;

/** Owns a model's weights on a backend. */
public final class ModelWeights implements AutoCloseable {
    private final List<LayerWeights> layers;
    private final Ends ends;
    private final Map<RopePlan, RopeTable> ropeTables;
    private final List<AutoCloseable> owned;

    /**
     * What stands before the first and after the last layer.
     *
     * @param embedding [vocabulary, hidden]
     * @param finalNorm [hidden]
     * @param head [vocabulary, hidden]; the embedding itself where the two are tied
     */
    record Ends(Weight embedding, Buffer finalNorm, Weight head) {}

    ModelWeights(List<LayerWeights> layers, Ends ends, Map<RopePlan, RopeTable> ropeTables, List<AutoCloseable> owned) {
        this.layers = List.copyOf(layers);
        this.ends = ends;
        this.ropeTables = Map.copyOf(ropeTables);
        this.owned = List.copyOf(owned);
    }

    public LayerWeights layer(int layer) {
        return layers.get(layer);
    }

    /** [vocabulary, hidden]. */
    public Weight embedding() {
        return ends.embedding();
    }

    /** [hidden]. */
    public Buffer finalNorm() {
        return ends.finalNorm();
    }

    /** [vocabulary, hidden]; the embedding itself where the two are tied. */
    public Weight head() {
        return ends.head();
    }

    /** Cosines and sines of a layer's rotary embedding, as {@code Kernels.rope} reads them, for these positions. */
    Buffer ropeTable(RopePlan rope, int[] positions) {
        RopeTable table = ropeTables.get(rope);
        if (table == null) {
            throw new IllegalStateException("no table for " + rope);
        }
        return table.reaching(positions);
    }

    @Override
    public void close() {
        WeightLoader.closeAll(owned);
    }
}
