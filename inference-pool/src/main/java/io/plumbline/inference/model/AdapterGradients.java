package io.plumbline.inference.model;

import io.plumbline.inference.kernel.LoraGradient;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accumulators for the gradients of one {@link AdapterWeights}, of the same layout. Whoever allocated the buffers closes
 * them.
 *
 * @param layers per decoder layer the accumulators by projection
 */
public record AdapterGradients(List<Map<Projection, LoraGradient>> layers) {
    public AdapterGradients {
        layers = layers.stream().map(Map::copyOf).toList();
    }

    /** The accumulator of one linear layer's delta, or null if it has none. */
    public @Nullable LoraGradient find(int layer, Projection projection) {
        return layers.get(layer).get(projection);
    }
}
