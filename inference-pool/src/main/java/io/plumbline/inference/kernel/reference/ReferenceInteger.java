package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.quant.CodeBlock;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Products of frozen weights with activations of 8 bits: the arithmetic of ADR 0014. */
final class ReferenceInteger {
    private static final int BLOCK = 32;
    private static final float LARGEST = 127f;
    /** A block without an element of this size counts as zeros: 127 over something smaller may be no number. */
    private static final float SMALLEST = 0x1p-100f;

    private ReferenceInteger() {}

    /**
     * A row of activations.
     *
     * @param codes per column, -127 to 127
     * @param scales per 32 columns
     */
    record QuantizedRow(byte[] codes, float[] scales) {
        static QuantizedRow of(float[] x, int at, int columns) {
            byte[] codes = new byte[columns];
            float[] scales = new float[columns / BLOCK];
            for (int b = 0; b < scales.length; b++) {
                float largest = 0f;
                for (int j = 0; j < BLOCK; j++) {
                    largest = Math.max(largest, Math.abs(x[at + b * BLOCK + j]));
                }
                scales[b] = largest / LARGEST;
                float inverse = largest < SMALLEST ? 0f : LARGEST / largest;
                for (int j = 0; j < BLOCK; j++) {
                    codes[b * BLOCK + j] = (byte) Math.rint(x[at + b * BLOCK + j] * inverse);
                }
            }
            return new QuantizedRow(codes, scales);
        }
    }

    static void matmul(int rows, ReferenceBuffer x, ReferenceWeight w, ReferenceBuffer y) {
        QuantFormat format = w.format();
        int rowBytes = Math.toIntExact(format.rowBytes(w.columns()));
        byte[] bytes = new byte[rowBytes];
        CodeBlock block = new CodeBlock();
        QuantizedRow[] quantized = new QuantizedRow[rows];
        for (int r = 0; r < rows; r++) {
            quantized[r] = QuantizedRow.of(x.array(), x.offset() + r * w.columns(), w.columns());
        }
        for (int n = 0; n < w.rows(); n++) {
            MemorySegment.copy(w.blocks(), ValueLayout.JAVA_BYTE, (long) n * rowBytes, bytes, 0, rowBytes);
            float[] sums = new float[rows];
            for (int i = 0; i < w.columns() / format.blockElements(); i++) {
                block.read(format, bytes, i * format.blockBytes());
                for (int r = 0; r < rows; r++) {
                    sums[r] = add(sums[r], block, quantized[r], i * format.blockElements());
                }
            }
            for (int r = 0; r < rows; r++) {
                y.array()[y.offset() + r * w.rows() + n] = sums[r];
            }
        }
    }

    /** One block's groups, ascending: the scaled integer dot product, then the minimum times the scaled sum. */
    private static float add(float sum, CodeBlock block, QuantizedRow x, int column) {
        float result = sum;
        for (int g = 0; g < block.elements() / block.group(); g++) {
            int from = g * block.group();
            int product = 0;
            int codes = 0;
            for (int j = from; j < from + block.group(); j++) {
                product += block.code(j) * x.codes()[column + j];
                codes += x.codes()[column + j];
            }
            float d = x.scales()[(column + from) / BLOCK];
            result = Math.fma(block.scale(g) * d, (float) product, result);
            if (block.hasMinima()) {
                result = Math.fma(-block.minimum(g), d * codes, result);
            }
        }
        return result;
    }
}
