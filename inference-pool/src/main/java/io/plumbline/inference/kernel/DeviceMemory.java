package io.plumbline.inference.kernel;

import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/** Allocates, fills and reads a backend's memory, and owns what it allocated. */
public interface DeviceMemory {
    /**
     * A zero-filled buffer, aligned to 64 bytes.
     *
     * @throws KernelException if the memory is not there; the message holds the size asked for and the size in use
     */
    Buffer allocate(long elements);

    /**
     * Makes a weight matrix usable by kernels. A host backend may keep a view of {@code blocks} instead of a copy: the
     * segment (usually a mapped file) must outlive the weight.
     *
     * @param blocks rows × {@link QuantFormat#rowBytes} bytes, row-major
     */
    Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns);

    /**
     * The same; with {@link ActivationPrecision#INT8} the backend may repack the weights and quantise activations.
     * Backends without such kernels upload as above.
     */
    default Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        return upload(blocks, format, rows, columns);
    }

    /** Copies {@code count} floats from {@code source[sourceOffset]} to {@code target[targetOffset]}. */
    void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count);

    /** Copies {@code count} floats from {@code source[sourceOffset]} to {@code target[targetOffset]}. */
    void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count);

    /** Bytes allocated and not yet closed; views of mapped files do not count. */
    long bytesInUse();
}
