package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;

/**
 * How far a product in float32 may be from the exact one of the same unpacked weights, relative to Σ|x·w|. A sum of n
 * terms added one after another, each rounded once, is off by at most n·u·Σ|terms| (Higham, Accuracy and Stability of
 * Numerical Algorithms, 3.1).
 *
 * @param group columns that share a scale, whose products with 8-bit activations are summed exactly; 0 where weights are
 *     plain floats and activations stay floats
 * @param minima whether a block has a minimum too
 */
record ProductTolerance(int group, boolean minima) {
    /** Half the distance of 1 and the next float. */
    private static final double U = 0x1p-24;

    /** Sums run in so many lanes. */
    private static final int LANES = 16;

    /** Joining sixteen lanes, and the rounding of the first product. */
    private static final int JOIN = 5;

    /** Products scale·d and minimum·d, and the activations' own scale. */
    private static final int SCALES = 3;

    private static final int BLOCK = 32;

    /**
     * Σ(|scale·code| + |minimum|)·|x| ÷ Σ|x·w| of random codes: 4 where scale·code and minimum cancel most, at a minimum in
     * the middle of the codes; twice that for blocks that are not average.
     */
    private static final int CANCELLATION = 8;

    static ProductTolerance of(QuantFormat format) {
        return switch (format) {
            case F32, F16, BF16 -> new ProductTolerance(0, false);
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> new ProductTolerance(32, false);
            case Q3_K, Q6_K -> new ProductTolerance(16, false);
            case Q4_1, Q5_1, Q4_K, Q5_K -> new ProductTolerance(32, true);
            case Q2_K -> new ProductTolerance(16, true);
        };
    }

    /** With float activations, whatever the format: unpacked weights are exact. */
    static double ofFloats(int terms) {
        return ((terms + LANES - 1) / LANES + JOIN) * U;
    }

    /** Of a gradient: one row of the weight after another, onto what is there. */
    static double ofGradient(int terms) {
        return (terms + 1) * U;
    }

    /** With activations of 8 bits, beyond their own quantisation. */
    double integer(int columns) {
        if (group == 0) {
            return ofFloats(columns);
        }
        int additions = columns / group + (minima ? columns / BLOCK : 0);
        return (additions + SCALES) * U * (minima ? CANCELLATION : 1);
    }
}
