package io.plumbline.inference.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations quantised to 8 bits per 32 columns (ADR 0014). The codes are kept as floats: products and sums of 32 of
 * them with 8-bit codes stay below 2^24, so float arithmetic on them is exact. A row holds the codes, then the scale d of
 * each block, then d·Σq of each block, then d·Σq of each half block. An array, because the compiler broadcasts elements
 * of arrays with far less code than elements of memory segments.
 *
 * @param data all rows
 */
record QuantisedRows(float[] data, int columns) {
    private static final int BLOCK = PackedMatrix.BLOCK;
    private static final int HALF = BLOCK / 2;
    private static final int FLOAT = Float.BYTES;

    /** Floats of a row. */
    static int rowLength(int columns) {
        return columns / BLOCK * (BLOCK + 4);
    }

    /** Index of a row's first code. */
    int codes(int row) {
        return row * rowLength(columns);
    }

    /** Index of a row's first scale. */
    int scales(int row) {
        return codes(row) + columns;
    }

    /** Index of the scaled sums of groups of 32 or 16 columns. */
    int scaledSums(int row, int group) {
        int blocks = columns / BLOCK;
        return scales(row) + (group == BLOCK ? blocks : 2 * blocks);
    }

    /** Quantises a row of floats at {@code x}. */
    void quantise(long x, int row) {
        int codes = codes(row);
        for (int b = 0; b < columns / BLOCK; b++) {
            long from = x + (long) b * BLOCK * FLOAT;
            int to = codes + b * BLOCK;
            float largest = largest(from);
            float d = largest / 127f;
            float inverse = largest < 0x1p-100f ? 0f : 127f / largest;
            float low = round(from, inverse, to);
            float high = round(from + HALF * FLOAT, inverse, to + HALF);
            data[scales(row) + b] = d;
            data[scaledSums(row, BLOCK) + b] = d * (low + high);
            data[scaledSums(row, HALF) + 2 * b] = d * low;
            data[scaledSums(row, HALF) + 2 * b + 1] = d * high;
        }
    }

    private static float largest(long x) {
        FloatVector best = Lanes.zero();
        for (int k = 0; k < BLOCK; k += Lanes.COUNT) {
            best = best.max(Lanes.load(x + (long) k * FLOAT).abs());
        }
        return best.reduceLanes(VectorOperators.MAX);
    }

    /** Writes 16 codes and returns their sum, which is exact in any order. */
    private float round(long x, float inverse, int codes) {
        FloatVector sum = Lanes.zero();
        for (int k = 0; k < HALF; k += Lanes.COUNT) {
            FloatVector q = Lanes.round(Lanes.load(x + (long) k * FLOAT).mul(inverse));
            q.intoArray(data, codes + k);
            sum = sum.add(q);
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }
}
