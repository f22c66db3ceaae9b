package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Buffer;
import java.util.Map;

/**
 * The activations of one decoder layer: what its forward pass writes and its backward pass reads. Rows are the rows of
 * the step. Serving uses one workspace for all layers and lets buffers share memory where a value is dead; training
 * gives every layer its own. See {@link Activations}.
 *
 * @param attention of the attention block
 * @param feedForward of the feed-forward block
 * @param lora per linear layer the intermediate T[rows, maxRank] of its low-rank delta
 * @param delta [rows, hidden], scratch: a block's output after its post-norm
 */
public record Workspace(
        AttentionBlock attention, FeedForwardBlock feedForward, Map<Projection, Buffer> lora, Buffer delta) {
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

    /**
     * @param input [rows, hidden], the residual stream at the layer's entrance: input of the attention norm
     * @param normed [rows, hidden], input of q, k and v
     * @param rawQuery [rows, queryWidth], q before its norm; the same buffer as {@code query} where there is none
     * @param rawKey [rows, keyValueWidth], k before its norm; the same buffer as {@code key} where there is none
     * @param query [rows, queryWidth], after norm and rotation
     * @param key [rows, keyValueWidth], after norm and rotation
     * @param value [rows, keyValueWidth]
     * @param mixed [rows, queryWidth], output of attention: input of o
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
