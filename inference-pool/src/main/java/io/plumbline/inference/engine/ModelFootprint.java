package io.plumbline.inference.engine;

import io.plumbline.inference.model.LayerPlan;
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

    /** The footprint of one model in an engine with these limits. */
    public static ModelFootprint of(ModelPlan plan, long fileSize, EngineLimits limits) {
        long positions = (long) limits.cacheTokens() / limits.blockSize() * limits.blockSize();
        long keysAndValues = 0;
        for (LayerPlan layer : plan.layers()) {
            keysAndValues += 2L * layer.attention().keyValueWidth();
        }
        SchedulerLimits steps = limits.scheduling();
        long perRow = 3L * plan.hidden()
                + 2L * plan.maxQueryWidth()
                + 2L * plan.maxKeyValueWidth()
                + 2L * plan.maxFeedForward()
                + limits.adapters().maxRank();
        long perDraw = 2L * plan.hidden() + plan.vocabulary();
        return new ModelFootprint(
                fileSize,
                positions * keysAndValues * Float.BYTES,
                (steps.tokensPerStep() * perRow + steps.drawsPerStep() * perDraw) * Float.BYTES);
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
