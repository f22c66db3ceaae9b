package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.CpuRuntime;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.Map;

/** Owns every native allocation of a backend. */
final class CpuMemory implements DeviceMemory {
    private static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    private final CpuRuntime runtime;
    private final Map<CpuBuffer, MemorySegment> live = new HashMap<>();
    private long bytesInUse;

    CpuMemory(CpuRuntime runtime) {
        this.runtime = runtime;
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
        if (blocks.isNative()) {
            return new CpuWeight(blocks, format, rows, columns, () -> {});
        }
        // Kernels cannot see the Java heap.
        CpuBuffer copy = new CpuBuffer(this, take(rows * format.rowBytes(columns)));
        live.put(copy, copy.memory());
        MemorySegment.copy(blocks, 0, copy.memory(), 0, copy.memory().byteSize());
        return new CpuWeight(copy.memory(), format, rows, columns, copy::close);
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
