package io.plumbline.inference.quant;

/**
 * Packs float32 into block formats. Formats with one scale per block (Q4_0 to Q8_0) and the plain ones are
 * rounded to nearest, byte for byte as the {@code gguf} reference package does. The 256-element formats and IQ4_NL have
 * many ways to store the same values; they are packed for the least squared error ({@link AffineFit}, {@link
 * LevelFit}), which is no larger than that of ggml's reference packing.
 */
public final class Quantizer {
    private Quantizer() {}

    /** Whether a format leaves nothing to choose but the rounding, so that every packer writes the same bytes. */
    public static boolean roundsToNearest(QuantFormat format) {
        return switch (format) {
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0 -> true;
            case Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS -> false;
        };
    }

    /**
     * Packs {@code elements} values starting at {@code source[offset]}. All values must be finite, and magnitudes within
     * the range of float16 unless the format is F32 or BF16.
     *
     * @throws IllegalArgumentException if {@code elements} is not whole blocks
     */
    public static byte[] quantize(QuantFormat format, float[] source, int offset, int elements) {
        byte[] out = new byte[Math.toIntExact(format.rowBytes(elements))];
        int blocks = elements / format.blockElements();
        BlockWriter writer = new BlockWriter();
        for (int i = 0; i < blocks; i++) {
            block(format, source, offset + i * format.blockElements(), out, i * format.blockBytes(), writer);
        }
        return out;
    }

    private static void block(QuantFormat format, float[] x, int from, byte[] out, int at, BlockWriter writer) {
        switch (format) {
            case F32 -> LittleEndian.putInt32(out, at, Float.floatToRawIntBits(x[from]));
            case F16 -> LittleEndian.putFloat16(out, at, x[from]);
            case BF16 -> LittleEndian.putInt16(out, at, bfloat16(x[from]));
            case Q4_0 -> symmetric(SmallBlock.Q4_0, x, from, out, at);
            case Q5_0 -> symmetric(SmallBlock.Q5_0, x, from, out, at);
            case Q4_1 -> affine(SmallBlock.Q4_1, x, from, out, at);
            case Q5_1 -> affine(SmallBlock.Q5_1, x, from, out, at);
            case Q8_0 -> eightBit(x, from, out, at);
            case Q2_K -> writer.q2k(x, from, out, at);
            case Q3_K -> writer.q3k(x, from, out, at);
            case Q4_K -> writer.q4k(x, from, out, at);
            case Q5_K -> writer.q5k(x, from, out, at);
            case Q6_K -> writer.q6k(x, from, out, at);
            case IQ4_NL -> writer.iq4nl(x, from, out, at);
            case IQ4_XS -> writer.iq4xs(x, from, out, at);
        }
    }

    /** Upper half of the float32 pattern, rounded to nearest even; a NaN stays a (quiet) NaN. */
    private static short bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) (bits >>> 16 | 0x40);
        }
        return (short) (bits + 0x7FFF + (bits >>> 16 & 1) >>> 16);
    }

    /** The element of largest magnitude becomes the quant 0, so that its sign uses the longer half of the range. */
    private static void symmetric(SmallBlock layout, float[] x, int from, byte[] out, int at) {
        float extreme = 0f;
        for (int j = 0; j < SmallBlock.ELEMENTS; j++) {
            extreme = Math.abs(x[from + j]) > Math.abs(extreme) ? x[from + j] : extreme;
        }
        float d = extreme / -layout.zero();
        float inverse = d == 0f ? 0f : 1f / d;
        LittleEndian.putFloat16(out, at, d);
        int[] quants = new int[SmallBlock.ELEMENTS];
        for (int j = 0; j < SmallBlock.ELEMENTS; j++) {
            // The reference rounds once, after product and sum: double holds the product exactly.
            double shifted = (double) x[from + j] * inverse + (layout.zero() + 0.5);
            quants[j] = Math.clamp((long) shifted, 0, 2 * layout.zero() - 1);
        }
        layout.packQuants(quants, out, at);
    }

    private static void affine(SmallBlock layout, float[] x, int from, byte[] out, int at) {
        float min = x[from];
        float max = x[from];
        for (int j = 1; j < SmallBlock.ELEMENTS; j++) {
            min = Math.min(min, x[from + j]);
            max = Math.max(max, x[from + j]);
        }
        int top = (1 << layout.bits()) - 1;
        float d = (max - min) / top;
        float inverse = d == 0f ? 0f : 1f / d;
        LittleEndian.putFloat16(out, at, d);
        LittleEndian.putFloat16(out, at + 2, min);
        int[] quants = new int[SmallBlock.ELEMENTS];
        for (int j = 0; j < SmallBlock.ELEMENTS; j++) {
            quants[j] = Math.clamp((long) ((x[from + j] - min) * inverse + 0.5f), 0, top);
        }
        layout.packQuants(quants, out, at);
    }

    private static void eightBit(float[] x, int from, byte[] out, int at) {
        float largest = 0f;
        for (int j = 0; j < SmallBlock.ELEMENTS; j++) {
            largest = Math.max(largest, Math.abs(x[from + j]));
        }
        float d = largest / 127f;
        float inverse = d == 0f ? 0f : 1f / d;
        LittleEndian.putFloat16(out, at, d);
        int[] quants = new int[SmallBlock.ELEMENTS];
        for (int j = 0; j < SmallBlock.ELEMENTS; j++) {
            quants[j] = roundHalfAway(x[from + j] * inverse);
        }
        SmallBlock.Q8_0.packQuants(quants, out, at);
    }

    /** C's {@code roundf}: ties go away from zero. */
    private static int roundHalfAway(float value) {
        int magnitude = (int) (Math.abs((double) value) + 0.5);
        return value < 0 ? -magnitude : magnitude;
    }
}
