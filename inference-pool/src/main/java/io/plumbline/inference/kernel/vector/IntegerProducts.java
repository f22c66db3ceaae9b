package io.plumbline.inference.kernel.vector;

import jdk.incubator.vector.FloatVector;

/**
 * Products of a tile of a {@link PackedMatrix} with {@link QuantisedRows} in the arithmetic of ADR 0014. One lane is
 * one weight row. The integer sums are taken in floats, where they are exact. Loop bodies are short on purpose: the
 * compiler stops inlining vector operations beyond some thousand nodes, and then every operation allocates.
 */
final class IntegerProducts {
    /** Rows of activations that {@link #fourRows} takes at once. */
    static final int ROWS = 4;

    private IntegerProducts() {}

    /** {@code y[lane] = W[tile·lanes + lane, :]·x[row, :]}. */
    static void oneRow(PackedMatrix w, int tile, QuantisedRows x, int row, long y) {
        float[] q = x.data();
        int group = w.group();
        int codes = x.codes(row);
        int scales = x.scales(row);
        int sums = x.scaledSums(row, group);
        FloatVector result = Lanes.zero();
        long at = w.tile(tile);
        for (int g = 0; g < w.groups(); g++, at += w.groupBytes()) {
            FloatVector s = groupSum(at, group, q, codes + g * group);
            float d = q[scales + g * group / PackedMatrix.BLOCK];
            result = Lanes.load(at + w.codeBytes()).mul(d).fma(s, result);
            if (w.minima()) {
                result = Lanes.load(at + w.codeBytes() + Lanes.WIDTH).fma(Lanes.all(q[sums + g]), result);
            }
        }
        Lanes.store(result, y, w.rowsOf(tile));
    }

    private static FloatVector groupSum(long codes, int group, float[] q, int from) {
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        for (int j = 0; j < group; j += 4) {
            long c = codes + (long) j * Lanes.COUNT;
            s0 = Lanes.loadBytes(c).fma(Lanes.all(q[from + j]), s0);
            s1 = Lanes.loadBytes(c + Lanes.COUNT).fma(Lanes.all(q[from + j + 1]), s1);
            s2 = Lanes.loadBytes(c + 2 * Lanes.COUNT).fma(Lanes.all(q[from + j + 2]), s2);
            s3 = Lanes.loadBytes(c + 3 * Lanes.COUNT).fma(Lanes.all(q[from + j + 3]), s3);
        }
        return s0.add(s1).add(s2.add(s3));
    }

    /** The same for rows {@code row … row + 3}; {@code stride} is the distance of their results in bytes. */
    static void fourRows(PackedMatrix w, int tile, QuantisedRows x, int row, long y, long stride) {
        float[] q = x.data();
        int group = w.group();
        int length = QuantisedRows.rowLength(w.columns());
        int codes = x.codes(row);
        int scales = x.scales(row);
        int sums = x.scaledSums(row, group);
        FloatVector y0 = Lanes.zero();
        FloatVector y1 = Lanes.zero();
        FloatVector y2 = Lanes.zero();
        FloatVector y3 = Lanes.zero();
        long at = w.tile(tile);
        for (int g = 0; g < w.groups(); g++, at += w.groupBytes()) {
            FloatVector s0 = Lanes.zero();
            FloatVector s1 = Lanes.zero();
            FloatVector s2 = Lanes.zero();
            FloatVector s3 = Lanes.zero();
            int from = codes + g * group;
            for (int j = 0; j < group; j++) {
                FloatVector c = Lanes.loadBytes(at + (long) j * Lanes.COUNT);
                s0 = c.fma(Lanes.all(q[from + j]), s0);
                s1 = c.fma(Lanes.all(q[from + length + j]), s1);
                s2 = c.fma(Lanes.all(q[from + 2 * length + j]), s2);
                s3 = c.fma(Lanes.all(q[from + 3 * length + j]), s3);
            }
            FloatVector scale = Lanes.load(at + w.codeBytes());
            int d = scales + g * group / PackedMatrix.BLOCK;
            y0 = scale.mul(q[d]).fma(s0, y0);
            y1 = scale.mul(q[d + length]).fma(s1, y1);
            y2 = scale.mul(q[d + 2 * length]).fma(s2, y2);
            y3 = scale.mul(q[d + 3 * length]).fma(s3, y3);
            if (w.minima()) {
                FloatVector minimum = Lanes.load(at + w.codeBytes() + Lanes.WIDTH);
                int sum = sums + g;
                y0 = minimum.fma(Lanes.all(q[sum]), y0);
                y1 = minimum.fma(Lanes.all(q[sum + length]), y1);
                y2 = minimum.fma(Lanes.all(q[sum + 2 * length]), y2);
                y3 = minimum.fma(Lanes.all(q[sum + 3 * length]), y3);
            }
        }
        int lanes = w.rowsOf(tile);
        Lanes.store(y0, y, lanes);
        Lanes.store(y1, y + stride, lanes);
        Lanes.store(y2, y + 2 * stride, lanes);
        Lanes.store(y3, y + 3 * stride, lanes);
    }
}
