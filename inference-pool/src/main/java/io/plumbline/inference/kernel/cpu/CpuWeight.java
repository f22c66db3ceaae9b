package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/**
 * Blocks in native memory.
 *
 * @param blocks a view of a mapped file, or a copy of blocks that lay on the Java heap
 * @param packed the same weights packed for integer dot products, else empty
 * @param onClose frees what is not a view
 */
record CpuWeight(
        MemorySegment blocks, MemorySegment packed, QuantFormat format, int rows, int columns, Runnable onClose)
        implements Weight {
    long address() {
        return blocks.address();
    }

    @Override
    public ActivationPrecision activations() {
        return packed.byteSize() == 0 ? ActivationPrecision.FLOAT32 : ActivationPrecision.INT8;
    }

    @Override
    public void close() {
        onClose.run();
    }
}
