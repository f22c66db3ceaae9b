package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.MeasuringMemory;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.scheduler.SchedulerLimits;

/**
 * Memory that a model takes when it is served, in bytes, told from its file before it is loaded.
 *
 * @param weights the file's size: a backend keeps them once, as they lie in the file or repacked
 * @param cache keys and values
 * @param activations of a step, with the logits
 */
public record ModelFootprint(long weights, long cache, long activations) {
    private static final double MIB = 1 << 20;

    /**
     * The footprint of one model in an engine with these limits: what the engine would allocate, measured.
     *
     * @throws io.plumbline.inference.model.UnsupportedModelException if the engine could not serve it with these limits
     */
    public static ModelFootprint of(ModelPlan plan, long fileSize, EngineLimits limits) {
        SchedulerLimits steps = limits.scheduling();
        MeasuringMemory cache = new MeasuringMemory();
        MeasuringMemory activations = new MeasuringMemory();
        BlockPool blocks = new BlockPool(limits.cacheTokens() / limits.blockSize(), limits.blockSize());
        Activations.Capacity capacity = new Activations.Capacity(
                steps.tokensPerStep(), steps.drawsPerStep(), limits.adapters().maxRank());
        try (KeyValueCache ignoredCache = new KeyValueCache(plan, cache, blocks, limits.keyValuePrecision());
                Activations ignoredActivations = Activations.forServing(plan, activations, capacity)) {
            return new ModelFootprint(fileSize, cache.bytesInUse(), activations.bytesInUse());
        }
    }

    public long total() {
        return weights + cache + activations;
    }

    /** For people. */
    @Override
    public String toString() {
        return "%.1f MiB (weights %.1f, key/value cache %.1f, activations %.1f)"
                .formatted(total() / MIB, weights / MIB, cache / MIB, activations / MIB);
    }
}
