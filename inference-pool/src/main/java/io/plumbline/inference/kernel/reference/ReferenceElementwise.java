package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.RopeShape;
import io.plumbline.inference.kernel.host.CanonicalMath;
import java.util.Arrays;

/** Operations whose elements do not meet, and moves of rows. */
final class ReferenceElementwise {
    private ReferenceElementwise() {}

    static void addBias(int rows, int width, ReferenceBuffer bias, ReferenceBuffer x) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < width; c++) {
                x.array()[x.offset() + r * width + c] += bias.array()[bias.offset() + c];
            }
        }
    }

    static void rope(RopeShape shape, int[] positions, ReferenceBuffer table, ReferenceBuffer x, boolean inverse) {
        int half = shape.rotaryDim() / 2;
        for (int r = 0; r < positions.length; r++) {
            int angles = table.offset() + positions[r] * shape.rotaryDim();
            for (int h = 0; h < shape.heads(); h++) {
                int head = x.offset() + (r * shape.heads() + h) * shape.headDim() + shape.rotaryStart();
                for (int i = 0; i < half; i++) {
                    float cosine = table.array()[angles + i];
                    float sine = inverse ? -table.array()[angles + half + i] : table.array()[angles + half + i];
                    switch (shape.layout()) {
                        case HALVES -> rotate(x.array(), head + i, head + i + half, cosine, sine);
                        case INTERLEAVED -> rotate(x.array(), head + 2 * i, head + 2 * i + 1, cosine, sine);
                    }
                }
            }
        }
    }

    private static void rotate(float[] x, int a, int b, float cosine, float sine) {
        float first = x[a];
        float second = x[b];
        x[a] = first * cosine - second * sine;
        x[b] = second * cosine + first * sine;
    }

    static void gatherRows(int width, int[] indices, ReferenceBuffer x, ReferenceBuffer out) {
        for (int i = 0; i < indices.length; i++) {
            System.arraycopy(x.array(), x.offset() + indices[i] * width, out.array(), out.offset() + i * width, width);
        }
    }

    static void scatterAddRows(int width, int[] indices, ReferenceBuffer x, ReferenceBuffer out) {
        for (int i = 0; i < indices.length; i++) {
            for (int c = 0; c < width; c++) {
                out.array()[out.offset() + indices[i] * width + c] += x.array()[x.offset() + i * width + c];
            }
        }
    }

    static void scatterAddScaledRows(
            int width, int[] indices, float[] factors, ReferenceBuffer x, ReferenceBuffer out) {
        for (int i = 0; i < indices.length; i++) {
            for (int c = 0; c < width; c++) {
                int to = out.offset() + indices[i] * width + c;
                out.array()[to] = Math.fma(factors[i], x.array()[x.offset() + i * width + c], out.array()[to]);
            }
        }
    }

    static void addScaled(int count, float a, ReferenceBuffer x, ReferenceBuffer y) {
        ReferenceLinear.addMultiple(a, x.array(), x.offset(), y.array(), y.offset(), count);
    }

    static void scale(int count, float a, ReferenceBuffer x) {
        for (int i = 0; i < count; i++) {
            x.array()[x.offset() + i] *= a;
        }
    }

    static void fill(int count, float value, ReferenceBuffer x) {
        Arrays.fill(x.array(), x.offset(), x.offset() + count, value);
    }

    static double sumOfSquares(int count, ReferenceBuffer x) {
        double[] lanes = new double[CanonicalMath.LANES];
        for (int i = 0; i < count; i++) {
            double value = x.array()[x.offset() + i];
            lanes[i % CanonicalMath.LANES] = Math.fma(value, value, lanes[i % CanonicalMath.LANES]);
        }
        return CanonicalMath.join(lanes);
    }
}
