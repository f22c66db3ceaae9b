package io.plumbline.inference.kernel;

/**
 * The low-rank delta of one linear layer in a forward pass.
 *
 * @param batch which adapter each row uses
 * @param t [rows, batch.maxRank()], kept for the backward pass
 * @param y [rows, batch.out()], what the delta is added to
 */
public record LoraDelta(LoraBatch batch, Buffer t, Buffer y) {}
