package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AclDataType;
import io.plumbline.ascend.acl.DeviceBlock;
import io.plumbline.ascend.acl.TensorView;
import io.plumbline.inference.kernel.Buffer;
import java.util.Objects;

/** A run of float32 elements in a device block. */
final class AscendBuffer implements Buffer {
    private final DeviceBlock block;
    private final long offset;
    private final long elements;
    private final Runnable onClose;

    AscendBuffer(DeviceBlock block, long offset, long elements, Runnable onClose) {
        this.block = block;
        this.offset = offset;
        this.elements = elements;
        this.onClose = onClose;
    }

    DeviceBlock block() {
        return block;
    }

    /** The first element, counted from the start of the block. */
    long offset() {
        return offset;
    }

    /** The start of this buffer as a row-major matrix. */
    TensorView matrix(long rows, long columns) {
        return TensorView.rows(block, AclDataType.FLOAT, offset, rows, columns, columns);
    }

    /** Some columns of the row-major matrix that this buffer holds. */
    TensorView columns(long rows, long rowWidth, long from, long count) {
        return TensorView.rows(block, AclDataType.FLOAT, offset + from, rows, count, rowWidth);
    }

    /** Whether the first elements of both share memory. */
    boolean overlaps(AscendBuffer other, long count) {
        return block == other.block && offset < other.offset + count && other.offset < offset + count;
    }

    @Override
    public long elements() {
        return elements;
    }

    @Override
    public Buffer slice(long from, long count) {
        Objects.checkFromIndexSize(from, count, elements);
        return new AscendBuffer(block, offset + from, count, () -> {});
    }

    @Override
    public void close() {
        onClose.run();
    }
}
