package io.plumbline.inference.kernel.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory by address, as the kernels see it. The door has checked every range ({@link
 * io.plumbline.inference.kernel.CheckedKernels}), so nothing is checked here, and a constant segment over the whole
 * address space costs no more than a pointer.
 */
final class Native {
    /** All memory of the process: offset = address. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Native() {}

    static float floatAt(long address) {
        return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
    }

    static void putFloat(long address, float value) {
        ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
    }

    static long longAt(long address) {
        return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
    }

    static void putLong(long address, long value) {
        ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
    }

    static byte byteAt(long address) {
        return ALL.get(ValueLayout.JAVA_BYTE, address);
    }

    static void putByte(long address, byte value) {
        ALL.set(ValueLayout.JAVA_BYTE, address, value);
    }

    static void copyFloats(long from, long to, long count) {
        MemorySegment.copy(ALL, from, ALL, to, count * Float.BYTES);
    }

    static void zeroFloats(long at, long count) {
        ALL.asSlice(at, count * Float.BYTES).fill((byte) 0);
    }

    /** A table of the addresses of consecutive rows. */
    static void rowTable(long table, long base, int rows, long rowBytes) {
        for (int r = 0; r < rows; r++) {
            putLong(table + (long) r * Long.BYTES, base + r * rowBytes);
        }
    }
}
