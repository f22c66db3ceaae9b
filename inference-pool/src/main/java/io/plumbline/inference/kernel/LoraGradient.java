package io.plumbline.inference.kernel;

/**
 * Accumulators for the gradients of one {@link LoraAdapter}.
 *
 * @param a dA[rank, in]
 * @param b dB[out, rank]
 */
public record LoraGradient(Buffer a, Buffer b) {}
