package io.plumbline.inference.model;

import io.plumbline.inference.kernel.LoraAdapter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One adapter on a backend: the low-rank deltas of the linear layers it touches, in the row order of the base model's
 * own weights. Whoever allocated the buffers closes them.
 *
 * @param layers per decoder layer the deltas by projection
 */
public record AdapterWeights(List<Map<Projection, LoraAdapter>> layers) {
    public AdapterWeights {
        layers = layers.stream().map(Map::copyOf).toList();
    }

    /** The delta of one linear layer, or null if this adapter leaves it alone. */
    public @Nullable LoraAdapter find(int layer, Projection projection) {
        return layers.get(layer).get(projection);
    }

    /** The largest rank of any delta. */
    public int maxRank() {
        return layers.stream()
                .flatMap(l -> l.values().stream())
                .mapToInt(LoraAdapter::rank)
                .max()
                .orElse(0);
    }
}
