package io.plumbline.inference.kernel.vector;

import jdk.incubator.vector.FloatVector;

/**
 * Sums of outer products, n ascending by fused multiply-add: {@code sum[c] = Σ_n factor[n]·rows[n][c]}.
 *
 * @param factors address of factor 0, or, with {@code factorRows}, the byte offset of a factor in its row
 * @param factorRows 0 if factors are consecutive; else a table of addresses, one per n
 * @param rows table of the addresses of rows
 * @param count how many n
 * @param columns elements of a row
 */
record OuterProducts(long factors, long factorRows, long rows, int count, int columns) {
    private static final int VECTORS = 4;

    /** What is done with the sum. */
    enum Mode {
        /** The sum starts with the target's value. */
        CONTINUE,
        /** {@code target = alpha·sum}. */
        SET,
        /** {@code target = fma(alpha, sum, target)}. */
        ADD
    }

    /** Consecutive factors. */
    static OuterProducts of(long factors, long rows, int count, int columns) {
        return new OuterProducts(factors, 0, rows, count, columns);
    }

    void into(long target, float alpha, Mode mode) {
        int c = 0;
        for (; c + VECTORS * Lanes.COUNT <= columns; c += VECTORS * Lanes.COUNT) {
            wide((long) c * Float.BYTES, target, alpha, mode);
        }
        for (; c < columns; c += Lanes.COUNT) {
            narrow((long) c * Float.BYTES, columns - c, target, alpha, mode);
        }
    }

    private static FloatVector start(long target, Mode mode) {
        return mode == Mode.CONTINUE ? Lanes.load(target) : Lanes.zero();
    }

    private static FloatVector finish(FloatVector sum, FloatVector before, float alpha, Mode mode) {
        return switch (mode) {
            case CONTINUE -> sum;
            case SET -> sum.mul(alpha);
            case ADD -> sum.fma(Lanes.all(alpha), before);
        };
    }

    private long factorAt(int n) {
        return factorRows == 0
                ? factors + (long) n * Float.BYTES
                : Native.longAt(factorRows + (long) n * Long.BYTES) + factors;
    }

    private void wide(long column, long target, float alpha, Mode mode) {
        long to = target + column;
        FloatVector s0 = start(to, mode);
        FloatVector s1 = start(to + Lanes.WIDTH, mode);
        FloatVector s2 = start(to + 2 * Lanes.WIDTH, mode);
        FloatVector s3 = start(to + 3 * Lanes.WIDTH, mode);
        for (int n = 0; n < count; n++) {
            FloatVector a = Lanes.allOf(factorAt(n));
            long row = Native.longAt(rows + (long) n * Long.BYTES) + column;
            s0 = a.fma(Lanes.load(row), s0);
            s1 = a.fma(Lanes.load(row + Lanes.WIDTH), s1);
            s2 = a.fma(Lanes.load(row + 2 * Lanes.WIDTH), s2);
            s3 = a.fma(Lanes.load(row + 3 * Lanes.WIDTH), s3);
        }
        Lanes.store(finish(s0, Lanes.load(to), alpha, mode), to);
        Lanes.store(finish(s1, Lanes.load(to + Lanes.WIDTH), alpha, mode), to + Lanes.WIDTH);
        Lanes.store(finish(s2, Lanes.load(to + 2 * Lanes.WIDTH), alpha, mode), to + 2 * Lanes.WIDTH);
        Lanes.store(finish(s3, Lanes.load(to + 3 * Lanes.WIDTH), alpha, mode), to + 3 * Lanes.WIDTH);
    }

    private void narrow(long column, int lanes, long target, float alpha, Mode mode) {
        long to = target + column;
        FloatVector before = Lanes.load(to, lanes);
        FloatVector sum = mode == Mode.CONTINUE ? before : Lanes.zero();
        for (int n = 0; n < count; n++) {
            long row = Native.longAt(rows + (long) n * Long.BYTES) + column;
            sum = Lanes.allOf(factorAt(n)).fma(Lanes.load(row, lanes), sum);
        }
        Lanes.store(finish(sum, before, alpha, mode), to, lanes);
    }
}
