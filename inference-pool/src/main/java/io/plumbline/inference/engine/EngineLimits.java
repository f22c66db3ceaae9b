package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.scheduler.SchedulerLimits;

/**
 * How much an engine takes on.
 *
 * @param scheduling tokens and sequences per step
 * @param cacheTokens positions in the key/value cache, shared by all running sequences; also bounds the context
 * @param blockSize positions per cache block
 * @param admission what is let in
 * @param adapters how many adapters are kept
 * @param keyValuePrecision how keys and values are stored
 */
public record EngineLimits(
        SchedulerLimits scheduling,
        int cacheTokens,
        int blockSize,
        AdmissionLimits admission,
        AdapterLimits adapters,
        KeyValuePrecision keyValuePrecision) {
    public EngineLimits {
        if (blockSize < 1 || cacheTokens < blockSize) {
            throw new IllegalArgumentException(
                    "impossible cache: %d positions in blocks of %d".formatted(cacheTokens, blockSize));
        }
    }

    /** With a cache of float32. */
    public EngineLimits(
            SchedulerLimits scheduling,
            int cacheTokens,
            int blockSize,
            AdmissionLimits admission,
            AdapterLimits adapters) {
        this(scheduling, cacheTokens, blockSize, admission, adapters, KeyValuePrecision.FLOAT32);
    }

    /**
     * For a small machine: 16 sequences, 128 tokens a step (guesses up to 8), 8192 cached positions, 256 waiting
     * requests, 256 adapters of up to 1 GiB together.
     */
    public static EngineLimits defaults() {
        return new EngineLimits(
                new SchedulerLimits(128, 16, 16, 8),
                8192,
                16,
                AdmissionLimits.waiting(256),
                new AdapterLimits(256, 256, 1L << 30));
    }

    /** The same with another size of the cache. */
    public EngineLimits withCacheTokens(int tokens) {
        return new EngineLimits(scheduling, tokens, blockSize, admission, adapters, keyValuePrecision);
    }

    /** The same with other steps. */
    public EngineLimits withScheduling(SchedulerLimits limits) {
        return new EngineLimits(limits, cacheTokens, blockSize, admission, adapters, keyValuePrecision);
    }

    /** The same with other limits at the door. */
    public EngineLimits withAdmission(AdmissionLimits limits) {
        return new EngineLimits(scheduling, cacheTokens, blockSize, limits, adapters, keyValuePrecision);
    }

    /** The same with other limits of adapters. */
    public EngineLimits withAdapters(AdapterLimits limits) {
        return new EngineLimits(scheduling, cacheTokens, blockSize, admission, limits, keyValuePrecision);
    }

    /** The same with keys and values stored otherwise. */
    public EngineLimits withKeyValuePrecision(KeyValuePrecision precision) {
        return new EngineLimits(scheduling, cacheTokens, blockSize, admission, adapters, precision);
    }
}
