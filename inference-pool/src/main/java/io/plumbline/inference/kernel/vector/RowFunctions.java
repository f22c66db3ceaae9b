package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.Activation;
import io.plumbline.inference.kernel.AdamWFactors;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Functions of one row, or of a run of elements, given by address; the formulas are those of the reference backend. */
final class RowFunctions {
    private static final int FLOAT = Float.BYTES;
    private static final float TWO_SQRT_TWO_OVER_PI = 1.5957691216f;
    private static final float CUBIC = 0.044715f;

    private RowFunctions() {}

    private static long byteOffset(int element) {
        return (long) element * FLOAT;
    }

    static void scale(long x, int count, float a) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = x + byteOffset(i);
            Lanes.store(Lanes.load(at, count - i).mul(a), at, count - i);
        }
    }

    static void fill(long x, int count, float value) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            Lanes.store(Lanes.all(value), x + byteOffset(i), count - i);
        }
    }

    /** y += x. */
    static void add(long x, long y, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = y + byteOffset(i);
            Lanes.store(Lanes.load(at, count - i).add(Lanes.load(x + byteOffset(i), count - i)), at, count - i);
        }
    }

    /** y = fma(a, x, y). */
    static void addScaled(float a, long x, long y, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = y + byteOffset(i);
            FloatVector sum = Lanes.load(x + byteOffset(i), count - i).fma(Lanes.all(a), Lanes.load(at, count - i));
            Lanes.store(sum, at, count - i);
        }
    }

    static float largest(long x, int count) {
        FloatVector best = Lanes.all(Float.NEGATIVE_INFINITY);
        int i = 0;
        for (; i + Lanes.COUNT <= count; i += Lanes.COUNT) {
            best = best.max(Lanes.load(x + byteOffset(i)));
        }
        float result = best.reduceLanes(VectorOperators.MAX);
        for (; i < count; i++) {
            result = Math.max(result, Native.floatAt(x + byteOffset(i)));
        }
        return result;
    }

    /** Replaces scores by e^(score - largest) and returns their canonical sum. */
    static float exponentials(long scores, int count) {
        float max = largest(scores, count);
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = scores + byteOffset(i);
            Lanes.store(Lanes.exp(Lanes.load(at, count - i).sub(max)), at, count - i);
        }
        float[] lanes = new float[Lanes.CANONICAL];
        for (int p = 0; p < Lanes.CANONICAL; p += Lanes.COUNT) {
            FloatVector sum = Lanes.zero();
            for (int i = p; i < count; i += Lanes.CANONICAL) {
                sum = sum.add(Lanes.load(scores + byteOffset(i), count - i));
            }
            sum.intoArray(lanes, p);
        }
        return Lanes.join(lanes, 0);
    }

    private static float inverseRms(long x, int width, float epsilon) {
        float meanSquare = RowProducts.dot(x, x, width) / width;
        return 1f / (float) Math.sqrt(meanSquare + epsilon);
    }

    /** out = x / rms(x) · weight. */
    static void rmsNorm(long x, long weight, long out, int width, float epsilon) {
        float inverse = inverseRms(x, width, epsilon);
        for (int i = 0; i < width; i += Lanes.COUNT) {
            int n = width - i;
            FloatVector normal = Lanes.load(x + byteOffset(i), n).mul(inverse);
            Lanes.store(normal.mul(Lanes.load(weight + byteOffset(i), n)), out + byteOffset(i), n);
        }
    }

    /**
     * With g = w·dy and i = 1/rms: {@code dx += i·g - x·(i³·Σ(x·g)/width)}.
     *
     * @param g scratch for one row
     */
    static void rmsNormBackward(long x, long weight, long dy, long dx, int width, float epsilon, long g) {
        float inverse = inverseRms(x, width, epsilon);
        for (int i = 0; i < width; i += Lanes.COUNT) {
            int n = width - i;
            FloatVector product = Lanes.load(weight + byteOffset(i), n).mul(Lanes.load(dy + byteOffset(i), n));
            Lanes.store(product, g + byteOffset(i), n);
        }
        float along = RowProducts.dot(x, g, width);
        float factor = inverse * inverse * inverse * (along / width);
        for (int i = 0; i < width; i += Lanes.COUNT) {
            int n = width - i;
            FloatVector straight = Lanes.load(g + byteOffset(i), n).mul(inverse);
            FloatVector gradient = straight.sub(Lanes.load(x + byteOffset(i), n).mul(factor));
            Lanes.store(Lanes.load(dx + byteOffset(i), n).add(gradient), dx + byteOffset(i), n);
        }
    }

    /** Rotates pairs of two halves of a head: cosines, then sines, at {@code angles}. */
    static void rotateHalves(long head, int half, long angles, float sign) {
        long other = head + byteOffset(half);
        for (int i = 0; i < half; i += Lanes.COUNT) {
            int n = half - i;
            FloatVector cosine = Lanes.load(angles + byteOffset(i), n);
            FloatVector sine = Lanes.load(angles + byteOffset(half + i), n).mul(sign);
            FloatVector first = Lanes.load(head + byteOffset(i), n);
            FloatVector second = Lanes.load(other + byteOffset(i), n);
            Lanes.store(first.mul(cosine).sub(second.mul(sine)), head + byteOffset(i), n);
            Lanes.store(second.mul(cosine).add(first.mul(sine)), other + byteOffset(i), n);
        }
    }

    /** Rotates pairs of neighbours. */
    static void rotateNeighbours(long head, int half, long angles, float sign) {
        for (int i = 0; i < half; i++) {
            float cosine = Native.floatAt(angles + byteOffset(i));
            float sine = sign * Native.floatAt(angles + byteOffset(half + i));
            long at = head + byteOffset(2 * i);
            float first = Native.floatAt(at);
            float second = Native.floatAt(at + FLOAT);
            Native.putFloat(at, first * cosine - second * sine);
            Native.putFloat(at + FLOAT, second * cosine + first * sine);
        }
    }

    private static FloatVector inner(Activation kind, FloatVector x) {
        return switch (kind) {
            case SILU -> x;
            case GELU_TANH -> x.mul(CUBIC).mul(x).fma(x, x).mul(TWO_SQRT_TWO_OVER_PI);
        };
    }

    private static FloatVector innerSlope(Activation kind, FloatVector x) {
        return switch (kind) {
            case SILU -> Lanes.all(1f);
            case GELU_TANH -> x.mul(3f * CUBIC).fma(x, Lanes.all(1f)).mul(TWO_SQRT_TWO_OVER_PI);
        };
    }

    static void activation(Activation kind, int count, long gate, long up, long out) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            int n = count - i;
            FloatVector x = Lanes.load(gate + byteOffset(i), n);
            FloatVector f = x.mul(Lanes.sigmoid(inner(kind, x)));
            Lanes.store(f.mul(Lanes.load(up + byteOffset(i), n)), out + byteOffset(i), n);
        }
    }

    static void activationBackward(Activation kind, int count, long gate, long up, long dout, long dgate, long dup) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            int n = count - i;
            FloatVector x = Lanes.load(gate + byteOffset(i), n);
            FloatVector d = Lanes.load(dout + byteOffset(i), n);
            FloatVector s = Lanes.sigmoid(inner(kind, x));
            FloatVector f = x.mul(s);
            FloatVector slope = f.mul(Lanes.all(1f).sub(s)).fma(innerSlope(kind, x), s);
            FloatVector product = d.mul(Lanes.load(up + byteOffset(i), n)).mul(slope);
            Lanes.store(product, dgate + byteOffset(i), n);
            Lanes.store(d.mul(f), dup + byteOffset(i), n);
        }
    }

    static void adamW(AdamWFactors f, int count, long p, long gradient, long first, long second) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            int n = count - i;
            long at = byteOffset(i);
            FloatVector g = Lanes.load(gradient + at, n).mul(f.gradientScale());
            FloatVector m =
                    g.fma(Lanes.all(f.rest1()), Lanes.load(first + at, n).mul(f.beta1()));
            FloatVector v = g.mul(f.rest2()).fma(g, Lanes.load(second + at, n).mul(f.beta2()));
            Lanes.store(m, first + at, n);
            Lanes.store(v, second + at, n);
            FloatVector denominator = v.sqrt().div(f.rootCorrection()).add(f.epsilon());
            FloatVector step = m.div(denominator).mul(f.stepSize());
            Lanes.store(Lanes.load(p + at, n).mul(f.keep()).sub(step), p + at, n);
        }
    }
}
