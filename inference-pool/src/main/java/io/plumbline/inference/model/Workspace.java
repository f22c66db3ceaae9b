package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The activations of one decoder layer: what its forward pass writes and its backward pass reads. Rows are the rows of
 * the step. Serving uses one workspace for all layers and lets buffers share memory where a value is dead; training
 * gives every layer its own. See {@link Activations}.
 *
 * @param attention of the attention block
 * @param feedForward of the feed-forward block
 * @param latent of latent attention; null = none
 * @param experts of a feed-forward block with experts; null = none
 * @param lora per linear layer the intermediate T[rows, maxRank] of its low-rank delta
 * @param delta [rows, hidden], scratch: a block's output after its post-norm
 */
public record Workspace(
        AttentionBlock attention,
        FeedForwardBlock feedForward,
        @Nullable LatentBlock latent,
        @Nullable ExpertScratch experts,
        Map<Projection, Buffer> lora,
        Buffer delta) {
    public Workspace {
        lora = Map.copyOf(lora);
    }

    /** The intermediate of one linear layer's low-rank delta. */
    public Buffer lora(Projection projection) {
        Buffer t = lora.get(projection);
        if (t == null) {
            throw new IllegalStateException("no LoRA buffer for " + projection);
        }
        return t;
    }

    /** What latent attention keeps. */
    LatentBlock requireLatent() {
        if (latent == null) {
            throw new IllegalStateException("no buffers for latent attention");
        }
        return latent;
    }

    /** What experts work in. */
    ExpertScratch requireExperts() {
        if (experts == null) {
            throw new IllegalStateException("no buffers for experts");
        }
        return experts;
    }

    /**
     * @param rawQuery [rows, queryRank], the queries' latent before its norm
     * @param query [rows, queryRank], after it: input of QUERY_UP
     * @param rawKeyValue [rows, keyValueRank], the latent of keys and values before its norm
     * @param keyValue [rows, keyValueRank], after it: input of KEY_VALUE_UP
     * @param rotaryKey [rows, rotaryDim], the part of the keys that all heads share, after rotation
     * @param unpacked [rows, heads · (headDim - rotaryDim + valueDim)], output of KEY_VALUE_UP
     * @param rotaryKeys [rows · heads, rotaryDim], scratch: rotaryKey once per head
     * @param padded [rows, queryWidth], output of attention with its zeros
     */
    public record LatentBlock(
            Buffer rawQuery,
            Buffer query,
            Buffer rawKeyValue,
            Buffer keyValue,
            Buffer rotaryKey,
            Buffer unpacked,
            Buffer rotaryKeys,
            Buffer padded) {}

    /**
     * @param logits [rows, experts], output of the router
     * @param gathered [rows, hidden], an expert's rows
     * @param projected [rows, hidden], an expert's output
     */
    public record ExpertScratch(Buffer logits, Buffer gathered, Buffer projected) {}

    /**
     * @param input [rows, hidden], the residual stream at the layer's entrance: input of the attention norm
     * @param normed [rows, hidden], input of q, k and v
     * @param rawQuery [rows, queryWidth], q before its norm; the same buffer as {@code query} where there is none
     * @param rawKey [rows, keyValueWidth], k before its norm; the same buffer as {@code key} where there is none
     * @param query [rows, queryWidth], after norm and rotation
     * @param key [rows, keyValueWidth], after norm and rotation
     * @param value [rows, keyValueWidth]
     * @param mixed [rows, mixedWidth], output of attention: input of o
     * @param projected [rows, hidden], output of o: input of the post-norm where there is one
     */
    public record AttentionBlock(
            Buffer input,
            Buffer normed,
            Buffer rawQuery,
            Buffer rawKey,
            Buffer query,
            Buffer key,
            Buffer value,
            Buffer mixed,
            Buffer projected) {}

    /**
     * @param input [rows, hidden], the residual stream after attention: input of the feed-forward norm
     * @param normed [rows, hidden], input of gate and up
     * @param gate [rows, feedForward], before the activation
     * @param up [rows, feedForward]
     * @param activated [rows, feedForward], f(gate)·up: input of down
     * @param projected [rows, hidden], output of down: input of the post-norm where there is one
     * @param output [rows, hidden], the residual stream at the layer's exit
     */
    public record FeedForwardBlock(
            Buffer input, Buffer normed, Buffer gate, Buffer up, Buffer activated, Buffer projected, Buffer output) {}
}
