package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/**
 * Blocks in native memory.
 *
 * @param blocks a view of a mapped file, or a copy of blocks that lay on the Java heap
 * @param onClose frees the copy; does nothing for a view
 */
record CpuWeight(MemorySegment blocks, QuantFormat format, int rows, int columns, Runnable onClose) implements Weight {
    long address() {
        return blocks.address();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
