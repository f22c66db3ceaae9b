package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Checks ranges before memory is touched. */
final class CheckedMemory implements DeviceMemory {
    private final DeviceMemory inner;

    CheckedMemory(DeviceMemory inner) {
        this.inner = inner;
    }

    @Override
    public Buffer allocate(long elements) {
        if (elements < 0) {
            throw new IllegalArgumentException("a buffer cannot hold %d elements".formatted(elements));
        }
        return inner.allocate(elements);
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        if (rows < 1) {
            throw new IllegalArgumentException("a weight has at least 1 row, not %d".formatted(rows));
        }
        long needed = rows * format.rowBytes(columns);
        if (blocks.byteSize() < needed) {
            throw new IllegalArgumentException("%d × %d elements in %s need %d bytes, the segment has %d"
                    .formatted(rows, columns, format, needed, blocks.byteSize()));
        }
        return inner.upload(blocks, format, rows, columns, precision);
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        Objects.checkFromIndexSize(targetOffset, count, target.elements());
        Objects.checkFromIndexSize(sourceOffset, count, source.length);
        inner.write(target, targetOffset, source, sourceOffset, count);
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        Objects.checkFromIndexSize(sourceOffset, count, source.elements());
        Objects.checkFromIndexSize(targetOffset, count, target.length);
        inner.read(source, sourceOffset, target, targetOffset, count);
    }

    @Override
    public long bytesInUse() {
        return inner.bytesInUse();
    }
}
