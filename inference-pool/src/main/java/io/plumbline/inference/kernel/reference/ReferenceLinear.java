package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.host.CanonicalMath;

/** Products with frozen weights. */
final class ReferenceLinear {
    private ReferenceLinear() {}

    static void embed(ReferenceWeight table, int[] tokens, float scale, ReferenceBuffer out) {
        int width = table.columns();
        float[] row = new float[width];
        float[] o = out.array();
        for (int r = 0; r < tokens.length; r++) {
            table.row(tokens[r], row);
            for (int c = 0; c < width; c++) {
                o[out.offset() + r * width + c] = scale * row[c];
            }
        }
    }

    static void matmul(int rows, ReferenceBuffer x, ReferenceWeight w, ReferenceBuffer y) {
        int in = w.columns();
        int out = w.rows();
        float[] row = new float[in];
        for (int n = 0; n < out; n++) {
            w.row(n, row);
            for (int r = 0; r < rows; r++) {
                y.array()[y.offset() + r * out + n] = CanonicalMath.dot(x.array(), x.offset() + r * in, row, 0, in);
            }
        }
    }

    /** Adds the rows of W one after another, n ascending, each by fused multiply-add. */
    static void matmulBackward(int rows, ReferenceBuffer dy, ReferenceWeight w, ReferenceBuffer dx) {
        int in = w.columns();
        int out = w.rows();
        float[] row = new float[in];
        for (int n = 0; n < out; n++) {
            w.row(n, row);
            for (int r = 0; r < rows; r++) {
                float factor = dy.array()[dy.offset() + r * out + n];
                addMultiple(factor, row, 0, dx.array(), dx.offset() + r * in, in);
            }
        }
    }

    /** {@code y[yAt + i] = fma(a, x[xAt + i], y[yAt + i])}. */
    static void addMultiple(float a, float[] x, int xAt, float[] y, int yAt, int count) {
        for (int i = 0; i < count; i++) {
            y[yAt + i] = Math.fma(a, x[xAt + i], y[yAt + i]);
        }
    }
}
