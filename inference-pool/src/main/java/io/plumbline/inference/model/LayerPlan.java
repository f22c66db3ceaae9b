package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AttentionShape;

/**
 * What one decoder layer computes.
 *
 * @param attention heads, scale and window
 * @param rope rotary embedding of queries and keys
 * @param feedForward width of the gated feed-forward block
 * @param activation its non-linearity
 * @param queryKeyNorm whether every query and key head is RMS-normalised before it rotates (Qwen 3, Gemma 3)
 * @param postNorms whether the outputs of attention and feed-forward are RMS-normalised before they are added to the
 *     residual stream (Gemma 3)
 */
public record LayerPlan(
        AttentionShape attention,
        RopePlan rope,
        int feedForward,
        Activation activation,
        boolean queryKeyNorm,
        boolean postNorms) {}
