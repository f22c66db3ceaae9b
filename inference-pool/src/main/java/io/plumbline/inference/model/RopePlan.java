package io.plumbline.inference.model;

import io.plumbline.inference.kernel.RopeLayout;

/**
 * The rotary embedding of a layer.
 *
 * @param layout which elements of a head pair up
 * @param rotaryDim leading elements of a head that rotate
 * @param base θ: pair i turns by θ^(-2i/rotaryDim) per position
 * @param scaling how the frequencies are stretched
 */
public record RopePlan(RopeLayout layout, int rotaryDim, double base, RopeScaling scaling) {
    public RopePlan {
        if (!(base > 0) || Double.isInfinite(base)) {
            throw new IllegalArgumentException("rotary embedding needs a positive base, not " + base);
        }
        if (scaling instanceof RopeScaling.LongRope longRope
                && longRope.divisors().size() != rotaryDim / 2) {
            throw new IllegalArgumentException("long rope has %d factors where %d pairs rotate"
                    .formatted(longRope.divisors().size(), rotaryDim / 2));
        }
    }

    /**
     * A part of the table that {@code Kernels.rope} reads: [positions, rotaryDim], of each position rotaryDim/2 cosines, then
     * rotaryDim/2 sines. Angles are float32 products of position and frequency, as the frameworks compute them that
     * trained the models.
     *
     * @param first first position
     * @param positions how many
     * @param divisors per pair what its frequency is divided by (GGUF {@code rope_freqs.weight}); empty = 1
     */
    float[] table(int first, int positions, float[] divisors) {
        int pairs = rotaryDim / 2;
        float[] frequencies = new float[pairs];
        for (int i = 0; i < pairs; i++) {
            double frequency = scaling.apply(1 / Math.pow(base, 2.0 * i / rotaryDim), i);
            frequencies[i] = (float) (divisors.length == 0 ? frequency : frequency / divisors[i]);
        }
        float[] table = new float[Math.multiplyExact(positions, rotaryDim)];
        for (int row = 0; row < positions; row++) {
            for (int i = 0; i < pairs; i++) {
                float angle = (first + row) * frequencies[i];
                table[row * rotaryDim + i] = (float) (Math.cos(angle) * scaling.amplitude());
                table[row * rotaryDim + pairs + i] = (float) (Math.sin(angle) * scaling.amplitude());
            }
        }
        return table;
    }
}
