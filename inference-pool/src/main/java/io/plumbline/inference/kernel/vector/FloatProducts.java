package io.plumbline.inference.kernel.vector;

import jdk.incubator.vector.FloatVector;

/**
 * Products of a tile of a {@link PackedMatrix} with rows of floats in the arithmetic of ADR 0002. One vector lane is one
 * weight row, so the sixteen canonical lanes are sixteen vectors, taken a few at a time; the tree joins vectors.
 */
final class FloatProducts {
    /** Rows of activations that {@link #fourRows} takes at once. */
    static final int ROWS = 4;

    /** Scratch: sixteen vectors per row. */
    static final long SCRATCH_BYTES = (long) ROWS * Lanes.CANONICAL * Lanes.WIDTH;

    private static final int FLOAT = Float.BYTES;

    private FloatProducts() {}

    /** {@code y[lane] = W[tile·lanes + lane, :]·x}. */
    static void oneRow(PackedMatrix w, int tile, long x, long y, long scratch) {
        for (int lane = 0; lane < Lanes.CANONICAL; lane += 4) {
            fourLanes(w, w.tile(tile), x, lane, scratch);
        }
        Lanes.store(join(scratch), y, w.rowsOf(tile));
    }

    /** Canonical lanes {@code lane … lane + 3} of a tile. */
    private static void fourLanes(PackedMatrix w, long tile, long x, int lane, long scratch) {
        int chunks = w.group() / Lanes.CANONICAL;
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        long at = tile;
        long xk = x + (long) lane * FLOAT;
        for (int g = 0; g < w.groups(); g++, at += w.groupBytes()) {
            FloatVector scale = Lanes.load(at + w.codeBytes());
            FloatVector offset = w.minima() ? Lanes.load(at + w.codeBytes() + Lanes.WIDTH) : scale;
            long code = at + (long) lane * Lanes.COUNT;
            for (int c = 0; c < chunks; c++, code += Lanes.CANONICAL * Lanes.COUNT, xk += Lanes.CANONICAL * FLOAT) {
                s0 = element(code, scale, offset, w.minima()).fma(Lanes.allOf(xk), s0);
                s1 = element(code + Lanes.COUNT, scale, offset, w.minima()).fma(Lanes.allOf(xk + FLOAT), s1);
                s2 = element(code + 2 * Lanes.COUNT, scale, offset, w.minima()).fma(Lanes.allOf(xk + 2 * FLOAT), s2);
                s3 = element(code + 3 * Lanes.COUNT, scale, offset, w.minima()).fma(Lanes.allOf(xk + 3 * FLOAT), s3);
            }
        }
        long to = scratch + (long) lane * Lanes.WIDTH;
        Lanes.store(s0, to);
        Lanes.store(s1, to + Lanes.WIDTH);
        Lanes.store(s2, to + 2 * Lanes.WIDTH);
        Lanes.store(s3, to + 3 * Lanes.WIDTH);
    }

    /** A column of the tile as floats; a format without minimum must not add one: -0 + 0 would lose the sign. */
    private static FloatVector element(long code, FloatVector scale, FloatVector offset, boolean minima) {
        FloatVector scaled = Lanes.loadBytes(code).mul(scale);
        return minima ? scaled.add(offset) : scaled;
    }

    /** The same for four rows of x, {@code columns} apart; {@code stride} is the distance of results in bytes. */
    static void fourRows(PackedMatrix w, int tile, long x, long y, long stride, long scratch) {
        for (int lane = 0; lane < Lanes.CANONICAL; lane++) {
            oneLane(w, w.tile(tile), x, lane, scratch);
        }
        for (int m = 0; m < ROWS; m++) {
            Lanes.store(join(scratch + (long) m * Lanes.CANONICAL * Lanes.WIDTH), y + m * stride, w.rowsOf(tile));
        }
    }

    /** One canonical lane of a tile for four rows. */
    private static void oneLane(PackedMatrix w, long tile, long x, int lane, long scratch) {
        int chunks = w.group() / Lanes.CANONICAL;
        long rowBytes = (long) w.columns() * FLOAT;
        FloatVector s0 = Lanes.zero();
        FloatVector s1 = Lanes.zero();
        FloatVector s2 = Lanes.zero();
        FloatVector s3 = Lanes.zero();
        long at = tile;
        long xk = x + (long) lane * FLOAT;
        for (int g = 0; g < w.groups(); g++, at += w.groupBytes()) {
            FloatVector scale = Lanes.load(at + w.codeBytes());
            FloatVector offset = w.minima() ? Lanes.load(at + w.codeBytes() + Lanes.WIDTH) : scale;
            long code = at + (long) lane * Lanes.COUNT;
            for (int c = 0; c < chunks; c++, code += Lanes.CANONICAL * Lanes.COUNT, xk += Lanes.CANONICAL * FLOAT) {
                FloatVector e = element(code, scale, offset, w.minima());
                s0 = e.fma(Lanes.allOf(xk), s0);
                s1 = e.fma(Lanes.allOf(xk + rowBytes), s1);
                s2 = e.fma(Lanes.allOf(xk + 2 * rowBytes), s2);
                s3 = e.fma(Lanes.allOf(xk + 3 * rowBytes), s3);
            }
        }
        long to = scratch + (long) lane * Lanes.WIDTH;
        long next = (long) Lanes.CANONICAL * Lanes.WIDTH;
        Lanes.store(s0, to);
        Lanes.store(s1, to + next);
        Lanes.store(s2, to + 2 * next);
        Lanes.store(s3, to + 3 * next);
    }

    /** The tree of ADR 0002 over sixteen vectors in memory. */
    private static FloatVector join(long lanes) {
        for (int half = Lanes.CANONICAL / 2; half > 1; half /= 2) {
            for (int j = 0; j < half; j++) {
                long at = lanes + (long) j * Lanes.WIDTH;
                Lanes.store(Lanes.load(at).add(Lanes.load(at + (long) half * Lanes.WIDTH)), at);
            }
        }
        return Lanes.load(lanes).add(Lanes.load(lanes + Lanes.WIDTH));
    }
}
