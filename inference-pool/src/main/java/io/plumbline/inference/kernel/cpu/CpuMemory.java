package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Owns every native allocation of a backend. */
final class CpuMemory implements DeviceMemory {
    private static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    private final CpuRuntime runtime;
    private final long context;
    private final Map<CpuBuffer, MemorySegment> live = new HashMap<>();
    private long bytesInUse;

    CpuMemory(CpuRuntime runtime, long context) {
        this.runtime = runtime;
        this.context = context;
    }

    @Override
    public Buffer allocate(long elements) {
        CpuBuffer buffer = new CpuBuffer(this, take(Math.min(elements, MAX_ELEMENTS) * Float.BYTES));
        live.put(buffer, buffer.memory());
        return buffer;
    }

    private MemorySegment take(long bytes) {
        try {
            MemorySegment memory = runtime.allocate(bytes);
            bytesInUse += bytes;
            return memory;
        } catch (KernelException e) {
            throw new KernelException(
                    "no memory for %d bytes (%d in use); free some or use a smaller batch, context or model"
                            .formatted(bytes, bytesInUse),
                    e);
        }
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    /** A view of native blocks; packed weights lie beside it and take no more memory once the file is paged out. */
    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        List<CpuBuffer> owned = new ArrayList<>();
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
            return new CpuWeight(seen, packed, format, rows, columns, () -> owned.forEach(CpuBuffer::close));
        } catch (RuntimeException e) {
            owned.forEach(CpuBuffer::close);
            throw e;
        }
    }

    private MemorySegment own(long bytes, List<CpuBuffer> owned) {
        CpuBuffer buffer = new CpuBuffer(this, take(bytes));
        live.put(buffer, buffer.memory());
        owned.add(buffer);
        return buffer.memory();
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        MemorySegment memory = ((CpuBuffer) target).memory();
        MemorySegment.copy(source, sourceOffset, memory, ValueLayout.JAVA_FLOAT, targetOffset * Float.BYTES, count);
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        MemorySegment memory = ((CpuBuffer) source).memory();
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, sourceOffset * Float.BYTES, target, targetOffset, count);
    }

    @Override
    public long bytesInUse() {
        return bytesInUse;
    }

    void release(CpuBuffer buffer, MemorySegment memory) {
        live.remove(buffer);
        give(memory);
    }

    private void give(MemorySegment memory) {
        bytesInUse -= memory.byteSize();
        runtime.free(memory);
    }

    void close() {
        live.forEach((buffer, memory) -> {
            buffer.markClosed();
            give(memory);
        });
        live.clear();
    }
}
