package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.cuda.driver.DeviceBlock;
import java.util.Objects;

/** A run of float32 elements in device memory. */
final class CudaBuffer implements Buffer {
    private final DeviceBlock block;
    private final long offset;
    private final long elements;
    private final Runnable onClose;

    CudaBuffer(DeviceBlock block, long offset, long elements, Runnable onClose) {
        this.block = block;
        this.offset = offset;
        this.elements = elements;
        this.onClose = onClose;
    }

    /** Address of the first element, for kernels. */
    static long at(Buffer buffer) {
        return ((CudaBuffer) buffer).address();
    }

    long address() {
        return block.address() + offset * Float.BYTES;
    }

    @Override
    public long elements() {
        return elements;
    }

    @Override
    public Buffer slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, elements);
        return new CudaBuffer(block, offset + from, count, () -> {});
    }

    @Override
    public void close() {
        onClose.run();
    }
}
