package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.host.CanonicalMath;

/** Cross-entropy, and sums in double precision: sixteen lanes and the tree of ADR 0002. */
final class VectorLoss {
    private static final int FLOAT = Float.BYTES;

    private VectorLoss() {}

    /**
     * The loss of one row of logits; with a gradient scale other than 0 the row becomes its gradient.
     *
     * @param scratch 64 bytes
     */
    static float row(long x, int vocabulary, int target, float gradientScale, long scratch) {
        if (target < 0) {
            if (gradientScale != 0) {
                Native.zeroFloats(x, vocabulary);
            }
            return 0f;
        }
        float max = RowFunctions.largest(x, vocabulary);
        double sum = sumOfExponentials(x, vocabulary, max, scratch);
        long targetAt = x + (long) target * FLOAT;
        float loss = (float) (CanonicalMath.log(sum) - ((double) Native.floatAt(targetAt) - max));
        if (gradientScale != 0) {
            softmax(x, vocabulary, max, (float) (gradientScale / sum));
            Native.putFloat(targetAt, Native.floatAt(targetAt) - gradientScale);
        }
        return loss;
    }

    private static double sumOfExponentials(long x, int count, float max, long scratch) {
        double[] lanes = new double[Lanes.CANONICAL];
        for (int i = 0; i < count; i += Lanes.CANONICAL) {
            int here = Math.min(Lanes.CANONICAL, count - i);
            for (int k = 0; k < here; k += Lanes.COUNT) {
                long offset = (long) k * FLOAT;
                Lanes.store(
                        Lanes.exp(Lanes.load(x + (long) i * FLOAT + offset, here - k)
                                .sub(max)),
                        scratch + offset);
            }
            for (int j = 0; j < here; j++) {
                lanes[j] += Native.floatAt(scratch + (long) j * FLOAT);
            }
        }
        return CanonicalMath.join(lanes);
    }

    private static void softmax(long x, int count, float max, float factor) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            long at = x + (long) i * FLOAT;
            Lanes.store(Lanes.exp(Lanes.load(at, count - i).sub(max)).mul(factor), at, count - i);
        }
    }

    static double sumOfSquares(long x, long count) {
        double[] lanes = new double[Lanes.CANONICAL];
        for (long i = 0; i < count; i += Lanes.CANONICAL) {
            int here = (int) Math.min(Lanes.CANONICAL, count - i);
            for (int j = 0; j < here; j++) {
                double value = Native.floatAt(x + (i + j) * FLOAT);
                lanes[j] = Math.fma(value, value, lanes[j]);
            }
        }
        return CanonicalMath.join(lanes);
    }
}
