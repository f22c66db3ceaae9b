package io.plumbline.inference.kernel;

import java.util.function.ToDoubleFunction;

/** The contract's formulas in double precision, as plainly as they can be written, and numeric gradients of them. */
final class DoubleFormulas {
    private static final double STEP = 1e-5;

    private DoubleFormulas() {}

    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** x[rows, in] · wᵀ for w[out, in]. */
    static double[] matmul(int rows, int out, int in, double[] x, double[] w) {
        double[] y = new double[rows * out];
        for (int r = 0; r < rows; r++) {
            for (int n = 0; n < out; n++) {
                for (int k = 0; k < in; k++) {
                    y[r * out + n] += x[r * in + k] * w[n * in + k];
                }
            }
        }
        return y;
    }

    static double[] transpose(int rows, int columns, double[] x) {
        double[] y = new double[x.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                y[c * rows + r] = x[r * columns + c];
            }
        }
        return y;
    }

    static double[] absolute(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = Math.abs(x[i]);
        }
        return y;
    }

    static double[] rmsNorm(int rows, int width, double epsilon, double[] x, double[] weight) {
        double[] out = new double[x.length];
        for (int r = 0; r < rows; r++) {
            double squares = 0;
            for (int c = 0; c < width; c++) {
                squares += x[r * width + c] * x[r * width + c];
            }
            double inverse = 1 / Math.sqrt(squares / width + epsilon);
            for (int c = 0; c < width; c++) {
                out[r * width + c] = x[r * width + c] * inverse * weight[c];
            }
        }
        return out;
    }

    static double activation(Activation kind, double x) {
        return switch (kind) {
            case SILU -> x / (1 + Math.exp(-x));
            case GELU_TANH -> 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        };
    }

    /** One sequence without a cache. */
    static double[] attention(AttentionShape shape, int rows, double[] q, double[] k, double[] v) {
        double[] out = new double[rows * shape.queryWidth()];
        int dim = shape.headDim();
        for (int r = 0; r < rows; r++) {
            int first = shape.window() == 0 ? 0 : Math.max(0, r - shape.window() + 1);
            for (int h = 0; h < shape.heads(); h++) {
                int column = h * shape.keyValueHeads() / shape.heads() * dim;
                double[] p = new double[r + 1];
                double sum = 0;
                for (int j = first; j <= r; j++) {
                    for (int d = 0; d < dim; d++) {
                        p[j] += q[r * shape.queryWidth() + h * dim + d] * k[j * shape.keyValueWidth() + column + d];
                    }
                    p[j] = Math.exp(shape.scale() * p[j]);
                    sum += p[j];
                }
                for (int j = first; j <= r; j++) {
                    for (int d = 0; d < dim; d++) {
                        out[r * shape.queryWidth() + h * dim + d] +=
                                p[j] / sum * v[j * shape.keyValueWidth() + column + d];
                    }
                }
            }
        }
        return out;
    }

    static double crossEntropy(double[] logits, int target) {
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - logits[target]);
        }
        return Math.log(sum);
    }

    /** ∂f/∂x by central differences. */
    static double[] gradient(double[] x, ToDoubleFunction<double[]> f) {
        double[] gradient = new double[x.length];
        double[] moved = x.clone();
        for (int i = 0; i < x.length; i++) {
            moved[i] = x[i] + STEP;
            double above = f.applyAsDouble(moved);
            moved[i] = x[i] - STEP;
            gradient[i] = (above - f.applyAsDouble(moved)) / (2 * STEP);
            moved[i] = x[i];
        }
        return gradient;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
