package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/** Java arrays. */
final class ReferenceMemory implements DeviceMemory {
    private long bytesInUse;

    @Override
    public Buffer allocate(long elements) {
        if (elements < 0 || elements > Integer.MAX_VALUE - 8) {
            throw new KernelException("the reference backend holds at most %d elements in one buffer, not %d; use cpu"
                    .formatted(Integer.MAX_VALUE - 8, elements));
        }
        long bytes = elements * Float.BYTES;
        try {
            Buffer buffer =
                    new ReferenceBuffer(new float[(int) elements], 0, (int) elements, () -> bytesInUse -= bytes);
            bytesInUse += bytes;
            return buffer;
        } catch (OutOfMemoryError e) {
            throw new KernelException(
                    "no memory for %d bytes (%d in use); give the process more with -Xmx".formatted(bytes, bytesInUse),
                    e);
        }
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        return new ReferenceWeight(
                blocks, format, rows, columns, format.isBlocks() ? precision : ActivationPrecision.FLOAT32);
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        ReferenceBuffer buffer = (ReferenceBuffer) target;
        System.arraycopy(source, sourceOffset, buffer.array(), buffer.offset() + (int) targetOffset, count);
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        ReferenceBuffer buffer = (ReferenceBuffer) source;
        System.arraycopy(buffer.array(), buffer.offset() + (int) sourceOffset, target, targetOffset, count);
    }

    @Override
    public long bytesInUse() {
        return bytesInUse;
    }
}
