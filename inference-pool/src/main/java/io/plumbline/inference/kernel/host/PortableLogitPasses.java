package io.plumbline.inference.kernel.host;

import java.util.Arrays;

/**
 * The passes in Java, the oracle of the native ones. Weights are {@code e^x} of a scaled logit's distance x ≤ 0 from the
 * largest, in double precision.
 *
 * <p>Only additions, multiplications and fused multiply-adds, so the bits are the same on every machine; the library's
 * {@code Math.exp} may differ by an ulp between processors. Most loops have no branches and no carried values: the
 * compiler turns them into vector instructions. (Vectors of the incubating API would be faster still, but until the
 * compiler has seen them a row takes half a second.)
 */
public final class PortableLogitPasses implements LogitPasses {
    /** Where weights become 0: e^x is still a normal number there. */
    private static final double LOWEST = -708;

    private static final double LOG2_E = 0x1.71547652b82fep+0;
    /** ln 2 in two parts: the first has trailing zeros, so n·LN2_HIGH is exact for every exponent n. */
    private static final double LN2_HIGH = 0x1.62e42fefa3800p-1;

    private static final double LN2_LOW = 0x1.ef35793c76730p-45;

    /** 1.5·2^52: adding it rounds to a whole number, ties to even, which then stands in the low bits. */
    private static final double ROUNDER = 0x1.8p52;

    private static final double[] TAYLOR = taylor();
    private static final double C2 = TAYLOR[2];
    private static final double C3 = TAYLOR[3];
    private static final double C4 = TAYLOR[4];
    private static final double C5 = TAYLOR[5];
    private static final double C6 = TAYLOR[6];
    private static final double C7 = TAYLOR[7];
    private static final double C8 = TAYLOR[8];
    private static final double C9 = TAYLOR[9];
    private static final double C10 = TAYLOR[10];
    private static final double C11 = TAYLOR[11];
    private static final double C12 = TAYLOR[12];

    /** What the lowest logits get before it is taken away from all: far below the last bit of every weight that counts. */
    private static final double FLOOR = power(rounder(LOWEST), polynomial(LOWEST, rounder(LOWEST)));

    private static double[] taylor() {
        double[] coefficients = new double[13];
        double factorial = 1; // exact up to 18!
        for (int i = 0; i < coefficients.length; i++) {
            factorial *= Math.max(1, i);
            coefficients[i] = 1 / factorial;
        }
        return coefficients;
    }

    /**
     * e^x within 2 ulp where x ≥ -670; between that and -708 it approaches 0, and is 0 below.
     *
     * @param x at most 0
     */
    public static double weight(double x) {
        double bounded = Math.max(x, LOWEST);
        double rounder = rounder(bounded);
        return power(rounder, polynomial(bounded, rounder)) - FLOOR;
    }

    /** x·log₂e rounded, plus {@link #ROUNDER}. */
    private static double rounder(double x) {
        return x * LOG2_E + ROUNDER;
    }

    /** e^r of the remainder r of x, |r| ≤ ln 2 / 2, by the Taylor series. */
    private static double polynomial(double x, double rounder) {
        double n = rounder - ROUNDER;
        double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        double p = Math.fma(C12, r, C11);
        p = Math.fma(p, r, C10);
        p = Math.fma(p, r, C9);
        p = Math.fma(p, r, C8);
        p = Math.fma(p, r, C7);
        p = Math.fma(p, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, 1);
        return Math.fma(p, r, 1);
    }

    /** p·2^n: the whole number in the rounder's low bits is added to the exponent. */
    private static double power(double rounder, double p) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(p) + (Double.doubleToRawLongBits(rounder) << 52));
    }

    @Override
    public void maxima(float[] logits, float[] maxima, float[] tileMaxima) {
        Arrays.fill(maxima, Float.NEGATIVE_INFINITY);
        for (int from = 0; from < logits.length; from += TILE) {
            int end = Math.min(from + TILE, logits.length);
            int at = from / TILE * COLUMNS;
            int row = from;
            for (; row + 4 * COLUMNS <= end; row += 4 * COLUMNS) {
                fourRows(logits, row, maxima, at);
            }
            for (; row < end; row += COLUMNS) {
                oneRow(logits, row, Math.min(COLUMNS, end - row), maxima, at);
            }
            float largest = Float.NEGATIVE_INFINITY;
            for (int column = at; column < at + COLUMNS; column++) {
                largest = Math.max(largest, maxima[column]);
            }
            tileMaxima[from / TILE] = largest;
        }
    }

    private static void fourRows(float[] logits, int from, float[] maxima, int at) {
        for (int j = 0; j < COLUMNS; j++) {
            float upper = Math.max(logits[from + j], logits[from + COLUMNS + j]);
            float lower = Math.max(logits[from + 2 * COLUMNS + j], logits[from + 3 * COLUMNS + j]);
            maxima[at + j] = Math.max(maxima[at + j], Math.max(upper, lower));
        }
    }

    private static void oneRow(float[] logits, int from, int count, float[] maxima, int at) {
        for (int j = 0; j < count; j++) {
            maxima[at + j] = Math.max(maxima[at + j], logits[from + j]);
        }
    }

    @Override
    public void weightSums(float[] logits, double largest, double scale, double[] sums) {
        double[] rounders = new double[WEIGHT_ROW];
        double[] weights = new double[WEIGHT_ROW];
        for (int row = 0; row * WEIGHT_ROW < logits.length; row++) {
            int from = row * WEIGHT_ROW;
            int count = Math.min(WEIGHT_ROW, logits.length - from);
            polynomials(logits, from, count, largest, scale, rounders, weights);
            for (int j = 0; j < count; j++) {
                weights[j] = power(rounders[j], weights[j]) - FLOOR;
            }
            Arrays.fill(weights, count, WEIGHT_ROW, 0);
            sums[row] = treeSum(weights);
        }
    }

    private static void polynomials(
            float[] logits, int from, int count, double largest, double scale, double[] rounders, double[] results) {
        for (int j = 0; j < count; j++) {
            double x = Math.max((logits[from + j] - largest) * scale, LOWEST);
            double rounder = rounder(x);
            rounders[j] = rounder;
            results[j] = polynomial(x, rounder);
        }
    }

    private static double treeSum(double[] x) {
        for (int half = WEIGHT_ROW / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                x[j] += x[j + half];
            }
        }
        return x[0];
    }
}
