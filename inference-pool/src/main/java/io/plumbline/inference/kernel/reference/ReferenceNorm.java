package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.host.CanonicalMath;

/** Root-mean-square normalisation (arXiv 1910.07467). */
final class ReferenceNorm {
    private ReferenceNorm() {}

    private static float inverseRms(float[] x, int at, int width, float epsilon) {
        float meanSquare = CanonicalMath.dot(x, at, x, at, width) / width;
        return 1f / (float) Math.sqrt(meanSquare + epsilon);
    }

    static void forward(
            int rows, int width, float epsilon, ReferenceBuffer x, ReferenceBuffer weight, ReferenceBuffer out) {
        for (int r = 0; r < rows; r++) {
            int from = x.offset() + r * width;
            int to = out.offset() + r * width;
            float inverse = inverseRms(x.array(), from, width, epsilon);
            for (int c = 0; c < width; c++) {
                out.array()[to + c] = x.array()[from + c] * inverse * weight.array()[weight.offset() + c];
            }
        }
    }

    /** With g = w·dy and i = 1/rms: {@code dx += i·g - x·(i³·Σ(x·g)/width)}. */
    static void backward(
            int rows,
            int width,
            float epsilon,
            ReferenceBuffer x,
            ReferenceBuffer weight,
            ReferenceBuffer dy,
            ReferenceBuffer dx) {
        float[] g = new float[width];
        for (int r = 0; r < rows; r++) {
            int from = x.offset() + r * width;
            float inverse = inverseRms(x.array(), from, width, epsilon);
            for (int c = 0; c < width; c++) {
                g[c] = weight.array()[weight.offset() + c] * dy.array()[dy.offset() + r * width + c];
            }
            float along = CanonicalMath.dot(x.array(), from, g, 0, width);
            float factor = inverse * inverse * inverse * (along / width);
            for (int c = 0; c < width; c++) {
                float gradient = inverse * g[c] - x.array()[from + c] * factor;
                dx.array()[dx.offset() + r * width + c] += gradient;
            }
        }
    }
}
