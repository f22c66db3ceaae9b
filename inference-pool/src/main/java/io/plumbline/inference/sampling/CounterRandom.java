package io.plumbline.inference.sampling;

/**
 * Philox 2x64-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): a random number is a function of
 * key and counter, with no state between draws. So a request's seed and the position of a token fix the draw, whatever
 * else is in the batch and wherever generation resumes.
 */
public final class CounterRandom {
    private static final long MULTIPLIER = 0xD2B74407B1CE6E93L;
    private static final long KEY_STEP = 0x9E3779B97F4A7C15L;
    private static final int ROUNDS = 10;
    private static final double TWO_TO_MINUS_53 = 0x1p-53;

    private CounterRandom() {}

    /**
     * A uniform number.
     *
     * @param seed the request's seed
     * @param position of the token to be drawn
     * @return 0 ≤ u &lt; 1
     */
    public static double uniform(long seed, long position) {
        return (block(seed, position, 0)[0] >>> 11) * TWO_TO_MINUS_53;
    }

    static long[] block(long key, long low, long high) {
        long left = low;
        long right = high;
        long roundKey = key;
        for (int round = 0; round < ROUNDS; round++) {
            long productHigh = Math.unsignedMultiplyHigh(MULTIPLIER, left);
            long productLow = MULTIPLIER * left;
            left = productHigh ^ roundKey ^ right;
            right = productLow;
            roundKey += KEY_STEP;
        }
        return new long[] {left, right};
    }
}
