package io.plumbline.inference.engine;

import io.plumbline.inference.scheduler.SchedulerLimits;

/**
 * How much an engine takes on.
 *
 * @param scheduling tokens and sequences per step
 * @param cacheTokens positions in the key/value cache, shared by all running sequences; also bounds the context
 * @param blockSize positions per cache block
 * @param maxWaiting requests that wait beyond those running; more are refused
 * @param maxAdapterRank largest rank of an adapter
 */
public record EngineLimits(
        SchedulerLimits scheduling, int cacheTokens, int blockSize, int maxWaiting, int maxAdapterRank) {
    public EngineLimits {
        if (cacheTokens < blockSize || blockSize < 1 || maxWaiting < 0 || maxAdapterRank < 1) {
            throw new IllegalArgumentException("impossible limits: cache %d, block %d, waiting %d, rank %d"
                    .formatted(cacheTokens, blockSize, maxWaiting, maxAdapterRank));
        }
    }

    /** For a small machine: 16 sequences, 128 tokens a step (guesses up to 8), 8192 cached positions, 256 waiting requests. */
    public static EngineLimits defaults() {
        return new EngineLimits(new SchedulerLimits(128, 16, 8), 8192, 16, 256, 256);
    }

    /** The same with another size of the cache. */
    public EngineLimits withCacheTokens(int tokens) {
        return new EngineLimits(scheduling, tokens, blockSize, maxWaiting, maxAdapterRank);
    }
}
