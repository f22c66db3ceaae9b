package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.ffm.StandardLibrary;
import io.plumbline.inference.kernel.host.HostBuffer;
import io.plumbline.inference.kernel.host.HostMemory;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Native memory; weights in block formats are unpacked to bytes as they are uploaded. */
final class VectorMemory extends HostMemory {
    private final WorkerPool pool;

    VectorMemory(WorkerPool pool) {
        super(new StandardLibrary());
        this.pool = pool;
    }

    @Override
    public Weight upload(MemorySegment blocks, QuantFormat format, int rows, int columns) {
        return upload(blocks, format, rows, columns, ActivationPrecision.FLOAT32);
    }

    @Override
    public Weight upload(
            MemorySegment blocks, QuantFormat format, int rows, int columns, ActivationPrecision precision) {
        List<HostBuffer> owned = new ArrayList<>();
        try {
            if (format.isBlocks()) {
                PackedMatrix packed = pack(blocks, format, rows, columns, owned);
                return new VectorWeight(
                        blocks, packed, format, rows, columns, precision, () -> owned.forEach(HostBuffer::close));
            }
            MemorySegment seen = blocks;
            if (!blocks.isNative()) {
                seen = own(rows * format.rowBytes(columns), owned);
                MemorySegment.copy(blocks, 0, seen, 0, seen.byteSize());
            }
            return new VectorWeight(
                    seen,
                    null,
                    format,
                    rows,
                    columns,
                    ActivationPrecision.FLOAT32,
                    () -> owned.forEach(HostBuffer::close));
        } catch (RuntimeException e) {
            owned.forEach(HostBuffer::close);
            throw e;
        }
    }

    private PackedMatrix pack(MemorySegment blocks, QuantFormat format, int rows, int columns, List<HostBuffer> owned) {
        long bytes = PackedMatrix.at(0, format, rows, columns).bytes();
        PackedMatrix packed = PackedMatrix.at(own(bytes, owned).address(), format, rows, columns);
        pool.run(packed.tiles(), (tile, _) -> packed.pack(tile, blocks, format));
        return packed;
    }
}
