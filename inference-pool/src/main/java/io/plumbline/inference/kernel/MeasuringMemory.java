package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/** Adds up what would be allocated, and allocates nothing; for those who only allocate. */
public final class MeasuringMemory implements DeviceMemory {
    private long bytes;

    /** A size and nothing else. */
    private record Measured(long elements) implements Buffer {
        @Override
        public Buffer slice(long offset, long count) {
            return new Measured(count);
        }

        @Override
        public void close() {}
    }

    @Override
    public Buffer allocate(long elements) {
        bytes += elements * Float.BYTES;
        return new Measured(elements);
    }

    @Override
    public long bytesInUse() {
        return bytes;
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        throw holdsNothing();
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        throw holdsNothing();
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        throw holdsNothing();
    }

    private static UnsupportedOperationException holdsNothing() {
        return new UnsupportedOperationException("this memory only measures");
    }
}
