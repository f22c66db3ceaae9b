package io.plumbline.inference.kernel;

/**
 * The float32 factors of an {@link AdamWStep}, computed once in double precision, so that every backend rounds alike:
 * {@code g = gradientScale·grad; m = fma(rest1, g, beta1·m); v = fma(rest2·g, g, beta2·v); p = keep·p - stepSize·(m /
 * (√v / rootCorrection + epsilon))}.
 *
 * @param keep 1 - lr·wd
 * @param beta1 β1
 * @param beta2 β2
 * @param rest1 1 - β1
 * @param rest2 1 - β2
 * @param stepSize lr / (1 - β1^step)
 * @param rootCorrection √(1 - β2^step)
 * @param epsilon ε
 * @param gradientScale factor on the gradient
 */
public record AdamWFactors(
        float keep,
        float beta1,
        float beta2,
        float rest1,
        float rest2,
        float stepSize,
        float rootCorrection,
        float epsilon,
        float gradientScale) {
    public static AdamWFactors of(AdamWStep step) {
        return new AdamWFactors(
                (float) (1 - step.learningRate() * step.weightDecay()),
                (float) step.beta1(),
                (float) step.beta2(),
                (float) (1 - step.beta1()),
                (float) (1 - step.beta2()),
                (float) (step.learningRate() / (1 - Math.pow(step.beta1(), step.step()))),
                (float) Math.sqrt(1 - Math.pow(step.beta2(), step.step())),
                (float) step.epsilon(),
                (float) step.gradientScale());
    }

    /** In the order of the components, as the native kernels read them. */
    public float[] toArray() {
        return new float[] {keep, beta1, beta2, rest1, rest2, stepSize, rootCorrection, epsilon, gradientScale};
    }
}
