package io.plumbline.inference.kernel.host;

/**
 * The arithmetic that every host backend follows to the last bit: see ADR 0002. Sixteen lanes, lane j takes the
 * elements k ≡ j (mod 16) in ascending order by fused multiply-add, and one fixed tree joins the lanes.
 */
public final class CanonicalMath {
    /** Lanes of a sum. */
    public static final int LANES = 16;

    private static final float LOG2_E = 0x1.715476p+0f;
    /** ln 2 in two parts: the first has trailing zeros, so n·LN2_HIGH is exact for every exponent n. */
    private static final float LN2_HIGH = 0x1.63p-1f;

    private static final float LN2_LOW = -0x1.bd0106p-13f;
    private static final float EXP_LOWEST = -87.0f;
    private static final float EXP_HIGHEST = 88.0f;
    private static final double SQRT_HALF = 0x1.6a09e667f3bcdp-1;
    private static final double LN2 = 0x1.62e42fefa39efp-1;

    private CanonicalMath() {}

    /** {@code Σ_k x[xAt + k] · y[yAt + k]}. */
    public static float dot(float[] x, int xAt, float[] y, int yAt, int count) {
        float[] lanes = new float[LANES];
        int whole = count - count % LANES;
        for (int k = 0; k < whole; k += LANES) {
            for (int j = 0; j < LANES; j++) {
                lanes[j] = Math.fma(x[xAt + k + j], y[yAt + k + j], lanes[j]);
            }
        }
        for (int k = whole; k < count; k++) {
            lanes[k - whole] = Math.fma(x[xAt + k], y[yAt + k], lanes[k - whole]);
        }
        return join(lanes);
    }

    /** {@code Σ_k x[xAt + k]}. */
    public static float sum(float[] x, int xAt, int count) {
        float[] lanes = new float[LANES];
        for (int k = 0; k < count; k++) {
            lanes[k % LANES] += x[xAt + k];
        }
        return join(lanes);
    }

    /** The tree: lane j with lane j + 8, then j + 4, j + 2, j + 1. */
    public static float join(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        return lanes[0];
    }

    /** The same tree in double precision. */
    public static double join(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int j = 0; j < half; j++) {
                lanes[j] += lanes[j + half];
            }
        }
        return lanes[0];
    }

    /**
     * e^x, within 2 ulp; 0 below -87, and the value at 88 above 88. Range reduction by powers of two and a polynomial
     * of degree 7 (Taylor coefficients of e^r, |r| ≤ ln 2 / 2).
     */
    public static float exp(float x) {
        if (x < EXP_LOWEST) {
            return 0f;
        }
        float clamped = x > EXP_HIGHEST ? EXP_HIGHEST : x;
        float n = (float) Math.rint(clamped * LOG2_E);
        float r = Math.fma(-n, LN2_HIGH, clamped);
        r = Math.fma(-n, LN2_LOW, r);
        float p = 0x1.a01a02p-13f;
        p = Math.fma(p, r, 0x1.6c16c2p-10f);
        p = Math.fma(p, r, 0x1.111112p-7f);
        p = Math.fma(p, r, 0x1.555556p-5f);
        p = Math.fma(p, r, 0x1.555556p-3f);
        p = Math.fma(p, r, 0.5f);
        p = Math.fma(p, r, 1f);
        p = Math.fma(p, r, 1f);
        return p * Float.intBitsToFloat((int) n + 127 << 23);
    }

    /** ln x of a positive normal number: exponent and 2·artanh((m - 1)/(m + 1)) as a series. */
    public static double log(double x) {
        long bits = Double.doubleToRawLongBits(x);
        int exponent = (int) (bits >>> 52) - 1023;
        double m = Double.longBitsToDouble(bits & 0xFFFFFFFFFFFFFL | 1023L << 52);
        if (m > 2 * SQRT_HALF) {
            m *= 0.5;
            exponent++;
        }
        double s = (m - 1) / (m + 1);
        double square = s * s;
        double series = 0;
        for (int i = 21; i >= 1; i -= 2) {
            series = Math.fma(series, square, 1.0 / i);
        }
        return Math.fma(exponent, LN2, 2 * s * series);
    }

    /** 1 / (1 + e^-z). */
    public static float sigmoid(float z) {
        return 1f / (1f + exp(-z));
    }
}
