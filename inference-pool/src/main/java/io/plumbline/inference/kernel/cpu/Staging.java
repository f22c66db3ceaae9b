package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.ffm.CpuRuntime;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Native memory for the small arrays that travel with a call; it grows and is reused, so a call allocates nothing. */
final class Staging {
    private static final long FIRST_BYTES = 1 << 16;
    private static final long ALIGNMENT = 64;

    private final CpuRuntime runtime;
    private MemorySegment memory;
    private long used;

    Staging(CpuRuntime runtime) {
        this.runtime = runtime;
        this.memory = runtime.allocate(FIRST_BYTES);
    }

    /** Forgets the arrays of the last call and makes room for so many values in so many arrays. */
    Staging begin(long fourByteValues, int arrays) {
        used = 0;
        long needed = fourByteValues * Integer.BYTES + arrays * ALIGNMENT;
        if (needed > memory.byteSize()) {
            MemorySegment grown = runtime.allocate(2 * needed);
            runtime.free(memory);
            memory = grown;
        }
        return this;
    }

    /** A new piece of the staging memory. */
    MemorySegment take(long bytes) {
        MemorySegment piece = memory.asSlice(used, bytes);
        used += (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        return piece;
    }

    /** Copies an array and returns its address. */
    long ints(int[] values) {
        MemorySegment piece = take((long) values.length * Integer.BYTES);
        MemorySegment.copy(values, 0, piece, ValueLayout.JAVA_INT, 0, values.length);
        return piece.address();
    }

    /** Copies an array and returns its address. */
    long floats(float[] values) {
        MemorySegment piece = take((long) values.length * Float.BYTES);
        MemorySegment.copy(values, 0, piece, ValueLayout.JAVA_FLOAT, 0, values.length);
        return piece.address();
    }

    /** Copies an array and returns its address. */
    long longs(long[] values) {
        MemorySegment piece = take((long) values.length * Long.BYTES);
        MemorySegment.copy(values, 0, piece, ValueLayout.JAVA_LONG, 0, values.length);
        return piece.address();
    }

    /** Copies an array alone and returns its address. */
    long only(int[] values) {
        return begin(values.length, 1).ints(values);
    }

    void close() {
        runtime.free(memory);
    }
}
