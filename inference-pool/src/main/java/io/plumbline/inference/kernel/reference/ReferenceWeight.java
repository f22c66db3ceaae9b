package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.Dequantizer;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/** A view of blocks that someone else owns. */
record ReferenceWeight(MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision activations)
        implements Weight {
    /** Unpacks W[row, :] into {@code target}. */
    void row(int row, float[] target) {
        Dequantizer.dequantize(format, blocks, row * format.rowBytes(columns), target, 0, columns);
    }

    @Override
    public void close() {
        // Nothing is owned here.
    }
}
