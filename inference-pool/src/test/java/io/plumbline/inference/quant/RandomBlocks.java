package io.plumbline.inference.quant;

import java.util.List;
import java.util.Random;

/** Valid blocks of every format: random bits with small finite scales. */
public final class RandomBlocks {
    private static final float[] BOUNDARIES = {
        0f, -0f, 0x1p-24f, -0x1p-24f, 0x1.8p-16f, 0x1p-14f, -0x1p-14f, 1f, -1f, 0.02f, 65_504f, -65_504f
    };

    private static final float[] WIDE_BOUNDARIES = {
        0f, -0f, Float.MIN_VALUE, -0x1p-130f, Float.MIN_NORMAL, -Float.MIN_NORMAL, 1f, -0.02f, 65_504f, -0x1p40f
    };

    private RandomBlocks() {}

    /** Where the float16 numbers of a block lie. */
    private static List<Integer> halves(QuantFormat format) {
        return switch (format) {
            case Q4_0, Q5_0, Q8_0, IQ4_NL, IQ4_XS -> List.of(0);
            case Q4_1, Q5_1, Q4_K, Q5_K -> List.of(0, 2);
            case Q2_K -> List.of(80, 82);
            case Q3_K -> List.of(108);
            case Q6_K -> List.of(208);
            case F16 -> List.of(0);
            case BF16, F32 -> List.of();
        };
    }

    public static byte[] of(QuantFormat format, int rows, int columns, Random random) {
        byte[] bytes = new byte[Math.toIntExact(rows * format.rowBytes(columns))];
        random.nextBytes(bytes);
        for (int at = 0; at < bytes.length; at += format.blockBytes()) {
            for (int half : halves(format)) {
                LittleEndian.putFloat16(bytes, at + half, (float) random.nextGaussian() * 0.02f);
            }
            if (format == QuantFormat.F32) {
                LittleEndian.putInt32(bytes, at, Float.floatToIntBits((float) random.nextGaussian()));
            } else if (format == QuantFormat.BF16) {
                LittleEndian.putInt16(bytes, at, (short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16));
            }
        }
        return bytes;
    }

    /**
     * Blocks whose scales and minima lie at the boundaries of float16: ±0, subnormal, smallest normal, largest, each with
     * either sign. Plain formats hold such values themselves, F32 and BF16 also the subnormal ones of float32.
     */
    public static byte[] atBoundaries(QuantFormat format, int rows, int columns, Random random) {
        byte[] bytes = of(format, rows, columns, random);
        for (int at = 0; at < bytes.length; at += format.blockBytes()) {
            for (int half : halves(format)) {
                LittleEndian.putFloat16(bytes, at + half, BOUNDARIES[random.nextInt(BOUNDARIES.length)]);
            }
            float value = WIDE_BOUNDARIES[random.nextInt(WIDE_BOUNDARIES.length)];
            if (format == QuantFormat.F32) {
                LittleEndian.putInt32(bytes, at, Float.floatToIntBits(value));
            } else if (format == QuantFormat.BF16) {
                LittleEndian.putInt16(bytes, at, (short) (Float.floatToIntBits(value) >>> 16));
            }
        }
        return bytes;
    }

    /** The float32 values of such blocks. */
    public static float[] values(QuantFormat format, int rows, int columns, byte[] blocks) {
        float[] values = new float[rows * columns];
        Dequantizer.dequantize(format, blocks, 0, values, 0, values.length);
        return values;
    }
}
