package io.plumbline.inference.kernel.host;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Owns every native allocation of a backend; how weights are laid out is the backend's own matter. */
public abstract class HostMemory implements DeviceMemory, AutoCloseable {
    private static final long MAX_ELEMENTS = Long.MAX_VALUE / 16;

    private final HostAllocator allocator;
    private final Map<HostBuffer, MemorySegment> live = new HashMap<>();
    private long bytesInUse;

    protected HostMemory(HostAllocator allocator) {
        this.allocator = allocator;
    }

    @Override
    public final Buffer allocate(long elements) {
        HostBuffer buffer = new HostBuffer(this, take(Math.min(elements, MAX_ELEMENTS) * Float.BYTES));
        live.put(buffer, buffer.memory());
        return buffer;
    }

    private MemorySegment take(long bytes) {
        try {
            MemorySegment memory = allocator.allocate(bytes);
            bytesInUse += bytes;
            return memory;
        } catch (KernelException e) {
            throw new KernelException(
                    "no memory for %d bytes (%d in use); free some or use a smaller batch, context or model"
                            .formatted(bytes, bytesInUse),
                    e);
        }
    }

    /** Memory that is noted in {@code owned}, to be closed with what it is for. */
    protected final MemorySegment own(long bytes, List<HostBuffer> owned) {
        HostBuffer buffer = new HostBuffer(this, take(bytes));
        live.put(buffer, buffer.memory());
        owned.add(buffer);
        return buffer.memory();
    }

    @Override
    public final void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        MemorySegment memory = ((HostBuffer) target).memory();
        MemorySegment.copy(source, sourceOffset, memory, ValueLayout.JAVA_FLOAT, targetOffset * Float.BYTES, count);
    }

    @Override
    public final void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        MemorySegment memory = ((HostBuffer) source).memory();
        MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, sourceOffset * Float.BYTES, target, targetOffset, count);
    }

    @Override
    public final long bytesInUse() {
        return bytesInUse;
    }

    void release(HostBuffer buffer, MemorySegment memory) {
        live.remove(buffer);
        give(memory);
    }

    private void give(MemorySegment memory) {
        bytesInUse -= memory.byteSize();
        allocator.free(memory);
    }

    @Override
    public final void close() {
        live.forEach((buffer, memory) -> {
            buffer.markClosed();
            give(memory);
        });
        live.clear();
    }
}
