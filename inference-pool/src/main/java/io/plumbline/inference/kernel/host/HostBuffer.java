package io.plumbline.inference.kernel.host;

import io.plumbline.inference.kernel.Buffer;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Native memory that {@link HostMemory} owns, or a part of it. */
public final class HostBuffer implements Buffer {
    private final HostMemory owner;
    private final MemorySegment memory;
    /** The allocation this is a part of; itself for a whole one. */
    private final HostBuffer root;

    private boolean closed;

    HostBuffer(HostMemory owner, MemorySegment memory) {
        this.owner = owner;
        this.memory = memory;
        this.root = this;
    }

    private HostBuffer(HostBuffer root, MemorySegment memory) {
        this.owner = root.owner;
        this.memory = memory;
        this.root = root;
    }

    /**
     * The memory, as long as it is there.
     *
     * @throws IllegalStateException if the buffer is closed
     */
    public MemorySegment memory() {
        if (root.closed) {
            throw new IllegalStateException("the buffer is closed");
        }
        return memory;
    }

    /** Where the memory starts. */
    public long address() {
        return memory().address();
    }

    @Override
    public long elements() {
        return memory.byteSize() / Float.BYTES;
    }

    @Override
    public Buffer slice(long offset, long elements) {
        Objects.checkFromIndexSize(offset, elements, elements());
        return new HostBuffer(root, memory().asSlice(offset * Float.BYTES, elements * Float.BYTES));
    }

    @Override
    public void close() {
        if (root == this && !closed) {
            closed = true;
            owner.release(this, memory);
        }
    }

    /** The owner frees everything at once. */
    void markClosed() {
        closed = true;
    }
}
