package io.plumbline.inference.kernel.vector;

import jdk.incubator.vector.FloatVector;

/**
 * Canonical dot products of float rows; rows are given by address, or by a table of addresses. Methods are small on
 * purpose: the compiler stops inlining vector operations beyond some thousand nodes, and then every operation allocates.
 */
final class RowProducts {
    private static final int FLOAT = Float.BYTES;
    private static final int TOGETHER = 4;

    private RowProducts() {}

    /** {@code Σ_k x[k]·y[k]}. */
    static float dot(long x, long y, int count) {
        float[] lanes = new float[Lanes.CANONICAL];
        for (int p = 0; p < Lanes.PARTS; p++) {
            long from = (long) p * Lanes.WIDTH;
            part(x + from, y + from, count - p * Lanes.COUNT).intoArray(lanes, p * Lanes.COUNT);
        }
        return Lanes.join(lanes, 0);
    }

    /** The lanes of one part; x and y start at its first lane. */
    private static FloatVector part(long x, long y, int count) {
        FloatVector sum = Lanes.zero();
        int k = 0;
        for (; k + Lanes.COUNT <= count; k += Lanes.CANONICAL) {
            long at = (long) k * FLOAT;
            sum = Lanes.load(x + at).fma(Lanes.load(y + at), sum);
        }
        if (k < count) {
            long at = (long) k * FLOAT;
            sum = Lanes.loadFirst(x + at, count - k).fma(Lanes.loadFirst(y + at, count - k), sum);
        }
        return sum;
    }

    /**
     * {@code out[n] = Σ_k x[k]·rows[n][k]} for n below {@code rows}.
     *
     * @param table addresses of the rows
     */
    static void dots(long x, long table, int rows, int count, long out) {
        float[] lanes = new float[TOGETHER * Lanes.CANONICAL];
        int n = 0;
        for (; n + TOGETHER <= rows; n += TOGETHER) {
            for (int p = 0; p < Lanes.PARTS; p++) {
                fourParts(x, table + (long) n * Long.BYTES, count, p * Lanes.COUNT, lanes);
            }
            for (int i = 0; i < TOGETHER; i++) {
                Native.putFloat(out + (long) (n + i) * FLOAT, Lanes.join(lanes, i * Lanes.CANONICAL));
            }
        }
        for (; n < rows; n++) {
            Native.putFloat(out + (long) n * FLOAT, dot(x, Native.longAt(table + (long) n * Long.BYTES), count));
        }
    }

    /** One part of four products: lanes {@code first …} of each. */
    private static void fourParts(long x, long table, int count, int first, float[] lanes) {
        long y0 = Native.longAt(table);
        long y1 = Native.longAt(table + Long.BYTES);
        long y2 = Native.longAt(table + 2 * Long.BYTES);
        long y3 = Native.longAt(table + 3 * Long.BYTES);
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        int k = first;
        for (; k + Lanes.COUNT <= count; k += Lanes.CANONICAL) {
            long at = (long) k * FLOAT;
            FloatVector a = Lanes.load(x + at);
            s0 = a.fma(Lanes.load(y0 + at), s0);
            s1 = a.fma(Lanes.load(y1 + at), s1);
            s2 = a.fma(Lanes.load(y2 + at), s2);
            s3 = a.fma(Lanes.load(y3 + at), s3);
        }
        if (k < count) {
            int n = count - k;
            long at = (long) k * FLOAT;
            FloatVector a = Lanes.loadFirst(x + at, n);
            s0 = a.fma(Lanes.loadFirst(y0 + at, n), s0);
            s1 = a.fma(Lanes.loadFirst(y1 + at, n), s1);
            s2 = a.fma(Lanes.loadFirst(y2 + at, n), s2);
            s3 = a.fma(Lanes.loadFirst(y3 + at, n), s3);
        }
        s0.intoArray(lanes, first);
        s1.intoArray(lanes, first + Lanes.CANONICAL);
        s2.intoArray(lanes, first + 2 * Lanes.CANONICAL);
        s3.intoArray(lanes, first + 3 * Lanes.CANONICAL);
    }
}
