package io.plumbline.inference.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Unpacks every {@link QuantFormat} into float32, value for value as ggml does. Plain and slow: the oracle. */
public final class Dequantizer {
    private Dequantizer() {}

    /**
     * Unpacks whole blocks.
     *
     * @param blocks source, from byte {@code blockOffset}
     * @param target receives {@code elements} values from {@code targetOffset}
     * @param elements a whole number of blocks
     */
    public static void dequantize(
            QuantFormat format, byte[] blocks, int blockOffset, float[] target, int targetOffset, int elements) {
        int count = Math.toIntExact(format.rowBytes(elements) / format.blockBytes());
        for (int i = 0; i < count; i++) {
            block(
                    format,
                    blocks,
                    blockOffset + i * format.blockBytes(),
                    target,
                    targetOffset + i * format.blockElements());
        }
    }

    /** As above, from memory that is not an array, such as a mapped file. */
    public static void dequantize(
            QuantFormat format,
            MemorySegment blocks,
            long blockOffset,
            float[] target,
            int targetOffset,
            int elements) {
        byte[] copy = new byte[Math.toIntExact(format.rowBytes(elements))];
        MemorySegment.copy(blocks, ValueLayout.JAVA_BYTE, blockOffset, copy, 0, copy.length);
        dequantize(format, copy, 0, target, targetOffset, elements);
    }

    private static void block(QuantFormat format, byte[] b, int at, float[] y, int to) {
        switch (format) {
            case F32 -> y[to] = Float.intBitsToFloat(LittleEndian.int32(b, at));
            case F16 -> y[to] = LittleEndian.float16(b, at);
            case BF16 -> y[to] = Float.intBitsToFloat(LittleEndian.int16(b, at) << 16);
            case Q4_0 -> SmallBlock.Q4_0.unpack(b, at, y, to);
            case Q4_1 -> SmallBlock.Q4_1.unpack(b, at, y, to);
            case Q5_0 -> SmallBlock.Q5_0.unpack(b, at, y, to);
            case Q5_1 -> SmallBlock.Q5_1.unpack(b, at, y, to);
            case Q8_0 -> SmallBlock.Q8_0.unpack(b, at, y, to);
            case Q2_K -> SuperBlock.q2k(b, at, y, to);
            case Q3_K -> SuperBlock.q3k(b, at, y, to);
            case Q4_K -> SuperBlock.q4k(b, at, y, to);
            case Q5_K -> SuperBlock.q5k(b, at, y, to);
            case Q6_K -> SuperBlock.q6k(b, at, y, to);
            case IQ4_NL -> SuperBlock.iq4nl(b, at, y, to);
            case IQ4_XS -> SuperBlock.iq4xs(b, at, y, to);
        }
    }
}
