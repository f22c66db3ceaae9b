package io.plumbline.inference.kernel;

/**
 * Settings of one AdamW update (Loshchilov and Hutter, arXiv 1711.05101).
 *
 * @param learningRate lr of this step
 * @param beta1 decay of the first moment
 * @param beta2 decay of the second moment
 * @param epsilon added to √v̂
 * @param weightDecay decoupled weight decay
 * @param step number of this update, starting at 1
 * @param gradientScale factor on the gradient before anything else (norm clipping)
 */
public record AdamWStep(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        int step,
        double gradientScale) {
    public AdamWStep {
        if (step < 1) {
            throw new IllegalArgumentException("steps count from 1, not " + step);
        }
    }
}
