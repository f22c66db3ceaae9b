package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * A frozen matrix in native memory.
 *
 * @param blocks as in the file; what F32, F16 and BF16 are read from
 * @param packed block formats, unpacked to bytes
 * @param onClose frees what is not a view
 */
record VectorWeight(
        MemorySegment blocks,
        @Nullable PackedMatrix packed,
        QuantFormat format,
        int rows,
        int columns,
        ActivationPrecision activations,
        Runnable onClose)
        implements Weight {
    /** The address of a row that lies in memory as floats already. */
    long floatRow(int row) {
        return blocks.address() + row * format.rowBytes(columns);
    }

    /** Whether rows are floats already. */
    boolean isFloats() {
        return format == QuantFormat.F32;
    }

    /** Writes columns {@code from … from + count - 1} of a row as floats; of block formats, whole groups. */
    void unpack(int row, int from, int count, long target) {
        if (packed != null) {
            packed.unpack(row, from, count, target);
            return;
        }
        long at = floatRow(row) + format.rowBytes(1) * from;
        switch (format) {
            case F32 -> Native.copyFloats(at, target, count);
            case F16 -> halves(at, count, target);
            case BF16 -> upperHalves(at, count, target);
            case Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS ->
                throw new IllegalStateException(format + " is always packed");
        }
    }

    private static short shortAt(long address) {
        return Native.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address);
    }

    private static void halves(long at, int count, long target) {
        for (int k = 0; k < count; k++) {
            Native.putFloat(
                    target + (long) k * Float.BYTES, Float.float16ToFloat(shortAt(at + (long) k * Short.BYTES)));
        }
    }

    private static void upperHalves(long at, int count, long target) {
        for (int k = 0; k < count; k++) {
            float value = Float.intBitsToFloat(shortAt(at + (long) k * Short.BYTES) << 16);
            Native.putFloat(target + (long) k * Float.BYTES, value);
        }
    }

    @Override
    public void close() {
        onClose.run();
    }
}
