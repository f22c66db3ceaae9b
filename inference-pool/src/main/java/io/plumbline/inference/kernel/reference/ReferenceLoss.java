package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.host.CanonicalMath;

/** Cross-entropy of a softmax; the denominator is summed in double precision because vocabularies are long. */
final class ReferenceLoss {
    private ReferenceLoss() {}

    static void softmaxCrossEntropy(
            int vocabulary, int[] targets, float gradientScale, ReferenceBuffer logits, ReferenceBuffer loss) {
        for (int r = 0; r < targets.length; r++) {
            int at = logits.offset() + r * vocabulary;
            loss.array()[loss.offset() + r] = row(vocabulary, targets[r], gradientScale, logits.array(), at);
        }
    }

    private static float row(int vocabulary, int target, float gradientScale, float[] x, int at) {
        if (target < 0) {
            for (int c = 0; gradientScale != 0 && c < vocabulary; c++) {
                x[at + c] = 0f;
            }
            return 0f;
        }
        float max = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < vocabulary; c++) {
            max = Math.max(max, x[at + c]);
        }
        double[] lanes = new double[CanonicalMath.LANES];
        for (int c = 0; c < vocabulary; c++) {
            lanes[c % CanonicalMath.LANES] += CanonicalMath.exp(x[at + c] - max);
        }
        double sum = CanonicalMath.join(lanes);
        float result = (float) (CanonicalMath.log(sum) - ((double) x[at + target] - max));
        if (gradientScale != 0) {
            float factor = (float) (gradientScale / sum);
            for (int c = 0; c < vocabulary; c++) {
                x[at + c] = factor * CanonicalMath.exp(x[at + c] - max);
            }
            x[at + target] -= gradientScale;
        }
        return result;
    }
}
