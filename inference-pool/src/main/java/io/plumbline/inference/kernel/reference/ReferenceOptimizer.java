package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.AdamWFactors;
import io.plumbline.inference.kernel.AdamWStep;

/** AdamW (arXiv 1711.05101) in float32. */
final class ReferenceOptimizer {
    private ReferenceOptimizer() {}

    static void adamW(
            AdamWStep step,
            int count,
            ReferenceBuffer parameters,
            ReferenceBuffer gradients,
            ReferenceBuffer first,
            ReferenceBuffer second) {
        AdamWFactors f = AdamWFactors.of(step);
        for (int i = 0; i < count; i++) {
            float g = f.gradientScale() * gradients.array()[gradients.offset() + i];
            float m = Math.fma(f.rest1(), g, f.beta1() * first.array()[first.offset() + i]);
            float v = Math.fma(f.rest2() * g, g, f.beta2() * second.array()[second.offset() + i]);
            first.array()[first.offset() + i] = m;
            second.array()[second.offset() + i] = v;
            float denominator = (float) Math.sqrt(v) / f.rootCorrection() + f.epsilon();
            int at = parameters.offset() + i;
            parameters.array()[at] = f.keep() * parameters.array()[at] - f.stepSize() * (m / denominator);
        }
    }
}
