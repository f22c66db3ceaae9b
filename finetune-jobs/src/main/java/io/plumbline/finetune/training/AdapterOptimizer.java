package io.plumbline.finetune.training;

import io.plumbline.inference.kernel.AdamWStep;
import io.plumbline.inference.model.TrainingBatch;
import io.plumbline.inference.model.TrainingPass;
import java.util.List;

/**
 * One optimiser step: gradients of all micro-batches added up, clipped to a global norm, one AdamW update.
 *
 * <p>Loss and gradient are the mean over the target tokens of the whole step, however it is split into micro-batches.
 */
public final class AdapterOptimizer {
    // torch.nn.utils.clip_grad_norm_ adds it, so that a norm of zero does not divide by zero.
    private static final double NORM_EPSILON = 1e-6;

    private final TrainingPass pass;
    private final TrainableAdapter adapter;
    private final Settings settings;

    /**
     * What stays the same in all steps.
     *
     * @param beta1 AdamW β1
     * @param beta2 AdamW β2
     * @param epsilon AdamW ε
     * @param weightDecay AdamW decoupled weight decay
     * @param maxGradientNorm global norm to which gradients are clipped
     */
    public record Settings(double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
        static Settings of(TrainingSpec.OptimizerSettings o) {
            return new Settings(o.beta1(), o.beta2(), o.epsilon(), o.weightDecay(), o.maxGradientNorm());
        }
    }

    /**
     * Loss and gradient before the update.
     *
     * @param loss mean over the target tokens
     * @param gradientNorm before clipping
     */
    public record Gradient(double loss, double gradientNorm) {
        /** Whether both are numbers. */
        public boolean finite() {
            return Double.isFinite(loss) && Double.isFinite(gradientNorm);
        }
    }

    /** Asked before every micro-batch. */
    @FunctionalInterface
    public interface Interruption {
        /** Leaves the step by an exception if the run should end; parameters are untouched then. */
        void check();
    }

    public AdapterOptimizer(TrainingPass pass, TrainableAdapter adapter, Settings settings) {
        this.pass = pass;
        this.adapter = adapter;
        this.settings = settings;
    }

    /** Computes the gradient of a step's rows; the adapter's accumulators hold it afterwards. */
    public Gradient gradient(List<TrainingBatch> microBatches, Interruption interruption) {
        int targets = microBatches.stream().mapToInt(TrainingBatch::targetCount).sum();
        if (targets == 0) {
            throw new IllegalArgumentException("a step needs at least one target token");
        }
        adapter.clearGradients();
        double loss = 0;
        for (TrainingBatch batch : microBatches) {
            interruption.check();
            loss += pass.accumulate(batch, adapter.weights(), adapter.accumulators(), 1f / targets);
        }
        return new Gradient(loss / targets, adapter.gradientNorm());
    }

    /**
     * Moves the parameters along the gradient computed last.
     *
     * @param step number of this step, from 0
     */
    public void update(int step, double learningRate, Gradient gradient) {
        double clip = Math.min(1, settings.maxGradientNorm() / (gradient.gradientNorm() + NORM_EPSILON));
        adapter.update(new AdamWStep(
                learningRate,
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.weightDecay(),
                step + 1,
                clip));
    }
}
