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
        CodeBlock codes = new CodeBlock();
        for (int i = 0; i < count; i++) {
            block(
                    format,
                    blocks,
                    blockOffset + i * format.blockBytes(),
                    target,
                    targetOffset + i * format.blockElements(),
                    codes);
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

    private static void block(QuantFormat format, byte[] b, int at, float[] y, int to, CodeBlock codes) {
        switch (format) {
            case F32 -> y[to] = Float.intBitsToFloat(LittleEndian.int32(b, at));
            case F16 -> y[to] = LittleEndian.float16(b, at);
            case BF16 -> y[to] = Float.intBitsToFloat(LittleEndian.int16(b, at) << 16);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS -> {
                codes.read(format, b, at);
                codes.toFloats(y, to);
            }
        }
    }
}
