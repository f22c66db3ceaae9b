package io.plumbline.inference.quant;

/**
 * The values that a quant can stand for, before scaling: integers in ascending order. A quant is an index of this list.
 */
final class Levels {
    private static final int CELLS = 256;
    private static final int OFFSET = 128;

    /** Non-linear 4-bit levels of IQ4_NL and IQ4_XS. */
    static final Levels IQ4 = new Levels(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    private final byte[] values;

    /** Half-way from a level to the next one; the last is infinite. */
    private final float[] borders;

    /** The level nearest to the integer i − 128, the lower of two: no more than one border lies before i − 127. */
    private final byte[] nearest = new byte[CELLS];

    private final boolean evenlySpaced;

    private Levels(int... values) {
        this.evenlySpaced = values[values.length - 1] - values[0] == values.length - 1;
        this.values = new byte[values.length];
        this.borders = new float[values.length];
        for (int q = 0; q < values.length; q++) {
            this.values[q] = (byte) values[q];
            this.borders[q] = q + 1 < values.length ? 0.5f * (values[q] + values[q + 1]) : Float.POSITIVE_INFINITY;
        }
        int q = 0;
        for (int i = 0; i < CELLS; i++) {
            while (i - OFFSET > borders[q]) {
                q++;
            }
            nearest[i] = (byte) q;
        }
    }

    /** −2^(bits−1) … 2^(bits−1) − 1, for up to 7 bits. */
    static Levels signed(int bits) {
        int[] values = new int[1 << bits];
        for (int i = 0; i < values.length; i++) {
            values[i] = i - values.length / 2;
        }
        return new Levels(values);
    }

    int value(int quant) {
        return values[quant];
    }

    float least() {
        return values[0];
    }

    float most() {
        return values[values.length - 1];
    }

    /** The index of the level nearest to {@code value}. */
    int nearest(float value) {
        if (evenlySpaced) {
            return Math.clamp((int) (value - values[0] + 0.5f), 0, values.length - 1);
        }
        int cell = Math.clamp((int) (value + OFFSET), 0, CELLS - 1);
        int below = nearest[cell];
        return value > borders[below] ? below + 1 : below;
    }
}
