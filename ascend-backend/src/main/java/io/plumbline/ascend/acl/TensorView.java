package io.plumbline.ascend.acl;

import java.util.List;

/**
 * How an operator shall see a part of device memory.
 *
 * @param block the memory, whose start is the storage's start
 * @param type element type
 * @param shape elements along each axis, outermost first
 * @param strides elements from one index to the next along each axis
 * @param offset the first element, counted from the start of the block
 */
public record TensorView(DeviceBlock block, AclDataType type, List<Long> shape, List<Long> strides, long offset) {
    public TensorView {
        shape = List.copyOf(shape);
        strides = List.copyOf(strides);
        if (shape.size() != strides.size() || offset < 0) {
            throw new IllegalArgumentException("shape %s, strides %s, offset %d".formatted(shape, strides, offset));
        }
    }

    /** The whole start of a block as a row-major matrix. */
    public static TensorView matrix(DeviceBlock block, AclDataType type, long rows, long columns) {
        return rows(block, type, 0, rows, columns, columns);
    }

    /** Rows of {@code columns} elements, {@code rowStride} apart. */
    public static TensorView rows(
            DeviceBlock block, AclDataType type, long offset, long rows, long columns, long rowStride) {
        return new TensorView(block, type, List.of(rows, columns), List.of(rowStride, 1L), offset);
    }

    public static TensorView vector(DeviceBlock block, AclDataType type, long offset, long elements) {
        return new TensorView(block, type, List.of(elements), List.of(1L), offset);
    }

    /** Elements that the view needs its storage to have. */
    long storageElements() {
        long last = offset;
        for (int i = 0; i < shape.size(); i++) {
            last += (shape.get(i) - 1) * strides.get(i);
        }
        return last + 1;
    }
}
