package io.plumbline.inference.model;

import io.plumbline.inference.kernel.AttentionShape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one decoder layer computes.
 *
 * @param attention heads, scale and window
 * @param latent where queries, keys and values come from; null = straight from the hidden state
 * @param rope rotary embedding of queries and keys
 * @param feedForward the feed-forward block
 * @param queryKeyNorm whether every query and key head is RMS-normalised before it rotates (Qwen 3, Gemma 3)
 * @param postNorms whether the outputs of attention and feed-forward are RMS-normalised before they are added to the
 *     residual stream (Gemma 3)
 */
public record LayerPlan(
        AttentionShape attention,
        @Nullable LatentPlan latent,
        RopePlan rope,
        FeedForwardPlan feedForward,
        boolean queryKeyNorm,
        boolean postNorms) {
    public LayerPlan {
        if (rope.rotaryDim() < 2 || rope.rotaryDim() % 2 != 0 || rope.rotaryDim() > attention.headDim()) {
            throw new IllegalArgumentException(
                    "%d of the %d elements of a head cannot rotate".formatted(rope.rotaryDim(), attention.headDim()));
        }
        if (latent != null
                && (rope.rotaryDim() == attention.headDim()
                        || latent.valueDim() > attention.headDim()
                        || attention.keyValueHeads() != attention.heads())) {
            throw new IllegalArgumentException(
                    "impossible latent attention: %s with %d rotating elements and value heads of %d"
                            .formatted(attention, rope.rotaryDim(), latent.valueDim()));
        }
    }

    /** The linear layers that every row goes through, in the order of {@link Projection}. */
    public List<Projection> projections() {
        List<Projection> projections = new ArrayList<>();
        projections.addAll(
                latent == null
                        ? List.of(Projection.QUERY, Projection.KEY, Projection.VALUE)
                        : List.of(
                                Projection.QUERY_DOWN,
                                Projection.QUERY_UP,
                                Projection.KEY_VALUE_DOWN,
                                Projection.ROTARY_KEY,
                                Projection.KEY_VALUE_UP));
        projections.add(Projection.OUTPUT);
        switch (feedForward) {
            case FeedForwardPlan.Dense dense ->
                projections.addAll(List.of(Projection.GATE, Projection.UP, Projection.DOWN));
            case FeedForwardPlan.Experts experts -> {}
        }
        return projections;
    }

    /** Leading elements of a head that do not rotate; 0 but for latent attention, whose rotating part comes last. */
    public int rotaryStart() {
        return latent == null ? 0 : attention.headDim() - rope.rotaryDim();
    }

    /** Elements of a row of attention's output, the input of o. */
    public int mixedWidth() {
        return latent == null ? attention.queryWidth() : attention.heads() * latent.valueDim();
    }

    /** Elements of a row of {@link Projection#KEY_VALUE_UP}: of each head the key's part that stays, then the value. */
    int keyValueUpWidth() {
        return attention.heads() * (rotaryStart() + requireLatent().valueDim());
    }

    LatentPlan requireLatent() {
        if (latent == null) {
            throw new IllegalStateException("this layer has no latent attention");
        }
        return latent;
    }
}
