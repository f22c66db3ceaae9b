package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.kernel.host.HostBuffer;
import io.plumbline.inference.kernel.host.HostMemory;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Native memory; weights are views of the mapped file, and packed for integer products where that is asked for. */
final class CpuMemory extends HostMemory {
    private final CpuRuntime runtime;
    private final long context;

    CpuMemory(CpuRuntime runtime, long context) {
        super(runtime);
        this.runtime = runtime;
        this.context = context;
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    /** A view of native blocks; packed weights lie beside it and take no more memory once the file is paged out. */
    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        List<HostBuffer> owned = new ArrayList<>();
        try {
            MemorySegment seen = blocks.isNative() ? blocks : own(rows * format.rowBytes(columns), owned);
            if (!blocks.isNative()) {
                // Kernels cannot see the Java heap.
                MemorySegment.copy(blocks, 0, seen, 0, seen.byteSize());
            }
            MemorySegment packed = MemorySegment.NULL;
            long packedBytes =
                    precision == ActivationPrecision.INT8 ? runtime.packedBytes(format.ggmlType(), rows, columns) : 0;
            if (packedBytes > 0) {
                packed = own(packedBytes, owned);
                runtime.pack(
                        context,
                        seen,
                        format.ggmlType(),
                        format.rowBytes(columns),
                        rows,
                        columns,
                        packed,
                        blocks.isMapped());
            }
            return new CpuWeight(seen, packed, format, rows, columns, () -> owned.forEach(HostBuffer::close));
        } catch (RuntimeException e) {
            owned.forEach(HostBuffer::close);
            throw e;
        }
    }
}
