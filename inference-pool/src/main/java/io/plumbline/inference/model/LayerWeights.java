package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The weights of one decoder layer.
 *
 * @param projections every linear layer that all rows go through
 * @param norms every norm
 * @param latentNorms those of latent attention; null = none
 * @param experts of the feed-forward block; null = a dense one
 */
public record LayerWeights(
        Map<Projection, Linear> projections,
        Norms norms,
        @Nullable LatentNorms latentNorms,
        @Nullable ExpertWeights experts) {
    public LayerWeights {
        projections = Map.copyOf(projections);
    }

    /** The weights of one linear layer. */
    public Linear linear(Projection projection) {
        Linear linear = projections.get(projection);
        if (linear == null) {
            throw new IllegalStateException("no weights for " + projection);
        }
        return linear;
    }

    /** The matrices of some linear layers, in that order. */
    List<Weight> matrices(List<Projection> wanted) {
        List<Weight> matrices = new ArrayList<>(wanted.size());
        for (Projection projection : wanted) {
            matrices.add(linear(projection).weight());
        }
        return matrices;
    }

    /** The norms over the latents. */
    LatentNorms requireLatentNorms() {
        if (latentNorms == null) {
            throw new IllegalStateException("no weights for latent attention");
        }
        return latentNorms;
    }

    /** The experts of the feed-forward block. */
    ExpertWeights requireExperts() {
        if (experts == null) {
            throw new IllegalStateException("no weights for experts");
        }
        return experts;
    }

    /**
     * @param query [queryRank], over the latent of the queries
     * @param keyValue [keyValueRank], over the latent of keys and values
     */
    public record LatentNorms(Buffer query, Buffer keyValue) {}

    /**
     * Norm weights, ready to multiply (Gemma's 1 + w is already added).
     *
     * @param attention [hidden], before attention
     * @param query [headDim], over each query head; null = none
     * @param key [headDim], over each key head; null = none
     * @param postAttention [hidden], over the output of attention; null = none
     * @param feedForward [hidden], before the feed-forward block
     * @param postFeedForward [hidden], over the output of the feed-forward block; null = none
     */
    public record Norms(
            Buffer attention,
            @Nullable Buffer query,
            @Nullable Buffer key,
            @Nullable Buffer postAttention,
            Buffer feedForward,
            @Nullable Buffer postFeedForward) {}
}
