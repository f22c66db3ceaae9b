package io.plumbline.finetune.training;

import java.util.Optional;

/**
 * What a checkpoint knows besides tensors.
 *
 * @param step optimiser steps done
 * @param runDigest of everything that determines the run; only the same run goes on from here
 * @param backend kernels that computed it; others would not continue bit by bit
 * @param trainedTokens tokens of the steps done, prompts included
 * @param lastLoss of the last step
 * @param heldOutBefore held-out loss before the first step, if there are held-out rows
 */
public record CheckpointState(
        int step,
        String runDigest,
        String backend,
        long trainedTokens,
        double lastLoss,
        Optional<HeldOutBefore> heldOutBefore) {

    /**
     * Held-out loss of the start.
     *
     * @param loss mean per target token
     * @param targetTokens number of target tokens
     */
    public record HeldOutBefore(double loss, long targetTokens) {}
}
