package io.plumbline.ascend.kernel;

import io.plumbline.ascend.acl.AscendDevice;
import io.plumbline.ascend.acl.DeviceBlock;
import io.plumbline.ascend.acl.DeviceThread;
import io.plumbline.ascend.acl.SocFamily;
import io.plumbline.inference.kernel.Buffer;
import io.plumbline.inference.kernel.DeviceMemory;
import io.plumbline.inference.kernel.KernelException;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Memory of one device. Every block belongs to the device, which gives all of them back when it is closed. */
final class AscendMemory implements DeviceMemory {
    /** Input and output features that one matmul takes; even, so that no part of nibbles needs padding but the last. */
    static final int MATMUL_LIMIT = 65534;

    /** Elements packed at a time: bounds the Java heap that a big weight needs. */
    private static final int PACKED_ELEMENTS = 1 << 28;

    private final DeviceThread thread;
    private final AscendDevice device;
    private final SocFamily family;

    AscendMemory(DeviceThread thread, AscendDevice device, SocFamily family) {
        this.thread = thread;
        this.device = device;
        this.family = family;
    }

    @Override
    public Buffer allocate(long elements) {
        DeviceBlock block = thread.call(() -> {
            // The runtime refuses an allocation of nothing.
            DeviceBlock fresh = device.allocate(Math.max(1, Math.multiplyExact(elements, Float.BYTES)));
            try {
                device.clear(fresh);
                return fresh;
            } catch (RuntimeException e) {
                fresh.close();
                throw e;
            }
        });
        return new AscendBuffer(block, 0, elements, () -> release(List.of(block)));
    }

    private void release(List<DeviceBlock> blocks) {
        if (blocks.stream().anyMatch(DeviceBlock::isOpen)) {
            thread.run(() -> device.release(blocks));
        }
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        Optional<String> refusal = WeightSupport.refusal(format, family);
        if (refusal.isPresent()) {
            throw new KernelException(refusal.get());
        }
        if (columns > MATMUL_LIMIT) {
            throw new KernelException("the ascend backend multiplies at most %d input features, not %d; use cpu"
                    .formatted(MATMUL_LIMIT, columns));
        }
        DeviceLayout layout = DeviceLayout.of(format).orElseThrow();
        List<AscendWeight.Part> parts = new ArrayList<>();
        Runnable release = () -> release(parts.stream()
                .flatMap(part -> List.of(part.quants(), part.scales()).stream())
                .toList());
        int most = Math.max(2, Math.min(MATMUL_LIMIT, PACKED_ELEMENTS / columns) / 2 * 2);
        try {
            for (int from = 0; from < rows; from += most) {
                int count = Math.min(most, rows - from);
                PackedWeight packed = PackedWeight.of(blocks, layout, columns, from, count);
                parts.add(new AscendWeight.Part(
                        from,
                        count,
                        packed.storedColumns(),
                        uploaded(MemorySegment.ofArray(packed.quants())),
                        uploaded(MemorySegment.ofArray(packed.scales()))));
            }
        } catch (RuntimeException e) {
            release.run();
            throw e;
        }
        return new AscendWeight(format, rows, columns, layout, List.copyOf(parts), release);
    }

    private DeviceBlock uploaded(MemorySegment content) {
        return thread.call(() -> {
            DeviceBlock block = device.allocate(content.byteSize());
            try {
                device.upload(content, block, 0);
                return block;
            } catch (RuntimeException e) {
                block.close();
                throw e;
            }
        });
    }

    @Override
    public void write(Buffer target, long targetOffset, float[] source, int sourceOffset, int count) {
        AscendBuffer buffer = (AscendBuffer) target;
        MemorySegment part = floats(source, sourceOffset, count);
        thread.run(() -> device.upload(part, buffer.block(), (buffer.offset() + targetOffset) * Float.BYTES));
    }

    @Override
    public void read(Buffer source, long sourceOffset, float[] target, int targetOffset, int count) {
        AscendBuffer buffer = (AscendBuffer) source;
        MemorySegment part = floats(target, targetOffset, count);
        thread.run(() -> device.download(buffer.block(), (buffer.offset() + sourceOffset) * Float.BYTES, part));
    }

    private static MemorySegment floats(float[] array, int offset, int count) {
        return MemorySegment.ofArray(array).asSlice((long) offset * Float.BYTES, (long) count * Float.BYTES);
    }

    @Override
    public long bytesInUse() {
        return thread.call(device::bytesInUse);
    }
}
