package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.AdamWStep;

/** AdamW (arXiv 1711.05101) in float32; the factors are computed once in double precision. */
final class ReferenceOptimizer {
    private ReferenceOptimizer() {}

    static void adamW(
            AdamWStep step,
            int count,
            ReferenceBuffer parameters,
            ReferenceBuffer gradients,
            ReferenceBuffer first,
            ReferenceBuffer second) {
        float keep = (float) (1 - step.learningRate() * step.weightDecay());
        float beta1 = (float) step.beta1();
        float beta2 = (float) step.beta2();
        float rest1 = (float) (1 - step.beta1());
        float rest2 = (float) (1 - step.beta2());
        float stepSize = (float) (step.learningRate() / (1 - Math.pow(step.beta1(), step.step())));
        float rootCorrection = (float) Math.sqrt(1 - Math.pow(step.beta2(), step.step()));
        for (int i = 0; i < count; i++) {
            float g = (float) step.gradientScale() * gradients.array()[gradients.offset() + i];
            float m = Math.fma(rest1, g, beta1 * first.array()[first.offset() + i]);
            float v = Math.fma(rest2 * g, g, beta2 * second.array()[second.offset() + i]);
            first.array()[first.offset() + i] = m;
            second.array()[second.offset() + i] = v;
            float denominator = (float) Math.sqrt(v) / rootCorrection + (float) step.epsilon();
            int at = parameters.offset() + i;
            float decayed = keep * parameters.array()[at];
            parameters.array()[at] = decayed - stepSize * (m / denominator);
        }
    }
}
