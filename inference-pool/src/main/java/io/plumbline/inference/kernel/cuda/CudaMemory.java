package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.cuda.driver.DeviceBlock;
import io.plumbline.inference.kernel.cuda.driver.DeviceContext;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** Memory of the device, with an account of what is in use. */
final class CudaMemory implements DeviceMemory {
    private final DeviceContext context;
    private final CudaStream stream;
    private final Set<DeviceBlock> live = Collections.newSetFromMap(new IdentityHashMap<>());
    private long bytesInUse;

    CudaMemory(DeviceContext context, CudaStream stream) {
        this.context = context;
        this.stream = stream;
    }

    /** Device memory that counts as in use until {@link #free}; it holds anything. */
    DeviceBlock reserve(long bytes) {
        DeviceBlock block = context.allocate(Math.max(1, bytes));
        live.add(block);
        bytesInUse += bytes;
        return block;
    }

    /** Gives back what {@link #reserve} gave, when submitted work is done with it; once more does nothing. */
    void free(DeviceBlock block, long bytes) {
        if (live.remove(block)) {
            bytesInUse -= bytes;
            if (context.isUsable()) {
                stream.synchronize();
            }
            block.close();
        }
    }

    @Override
    public Buffer allocate(long elements) {
        long bytes = Math.multiplyExact(elements, Float.BYTES);
        DeviceBlock block = reserve(bytes);
        stream.clear(block.address(), block.bytes());
        return new CudaBuffer(block, 0, elements, () -> free(block, bytes));
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        return CudaWeight.upload(this, stream, blocks, format, rows, columns, precision);
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        MemorySegment from =
                MemorySegment.ofArray(source).asSlice((long) sourceOffset * Float.BYTES, (long) count * Float.BYTES);
        stream.write(CudaBuffer.at(target) + targetOffset * Float.BYTES, from);
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        MemorySegment to =
                MemorySegment.ofArray(target).asSlice((long) targetOffset * Float.BYTES, (long) count * Float.BYTES);
        stream.read(to, CudaBuffer.at(source) + sourceOffset * Float.BYTES);
    }

    @Override
    public long bytesInUse() {
        return bytesInUse;
    }
}
