package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.Buffer;
import java.util.Objects;

/** A range of a Java array. */
final class ReferenceBuffer implements Buffer {
    private final float[] data;
    private final int offset;
    private final int length;
    private final Runnable onClose;
    private boolean closed;

    ReferenceBuffer(float[] data, int offset, int length, Runnable onClose) {
        this.data = data;
        this.offset = offset;
        this.length = length;
        this.onClose = onClose;
    }

    /** The whole backing array; element i of this buffer is {@code array()[offset() + i]}. */
    float[] array() {
        if (closed) {
            throw new IllegalStateException("the buffer is closed");
        }
        return data;
    }

    int offset() {
        return offset;
    }

    @Override
    public long elements() {
        return length;
    }

    @Override
    public Buffer slice(long from, long elements) {
        Objects.checkFromIndexSize(from, elements, length);
        return new ReferenceBuffer(array(), offset + (int) from, (int) elements, () -> {});
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            onClose.run();
        }
    }
}
