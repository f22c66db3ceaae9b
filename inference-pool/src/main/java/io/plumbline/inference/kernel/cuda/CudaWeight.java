package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Weight;
import io.plumbline.inference.kernel.cuda.driver.DeviceBlock;
import io.plumbline.inference.kernel.cuda.driver.Grid;
import io.plumbline.inference.quant.QuantFormat;
import java.lang.foreign.MemorySegment;

/**
 * A matrix in device memory: a block format in the order of {@code packed.cuh}, whatever the precision of its products;
 * F32, F16 and BF16 row-major. The host's copy is not needed any more.
 *
 * @param onClose gives the memory back
 */
record CudaWeight(
        DeviceBlock memory,
        QuantFormat format,
        int rows,
        int columns,
        ActivationPrecision activations,
        Runnable onClose)
        implements Weight {
    private static final int TILE_ROWS = 16;
    /** What a piece of the file takes on the device before it is packed: enough that copies run at full speed. */
    private static final long PIECE_BYTES = 16L << 20;

    static CudaWeight upload(
            CudaMemory memory,
            CudaStream stream,
            MemorySegment blocks,
            QuantFormat format,
            int rows,
            int columns,
            ActivationPrecision precision) {
        long bytes = bytes(format, rows, columns);
        DeviceBlock target = memory.reserve(bytes);
        try {
            if (format.isBlocks()) {
                pack(stream, blocks, format, rows, columns, target.address());
            } else {
                stream.write(target.address(), blocks.asSlice(0, bytes));
            }
        } catch (RuntimeException e) {
            memory.free(target, bytes);
            throw e;
        }
        ActivationPrecision products = format.isBlocks() ? precision : ActivationPrecision.FLOAT32;
        return new CudaWeight(target, format, rows, columns, products, () -> memory.free(target, bytes));
    }

    private static void pack(
            CudaStream stream, MemorySegment blocks, QuantFormat format, int rows, int columns, long target) {
        long rowBytes = format.rowBytes(columns);
        int rowsAtOnce =
                (int) Math.clamp(PIECE_BYTES / rowBytes / TILE_ROWS, 1, Integer.MAX_VALUE / TILE_ROWS) * TILE_ROWS;
        for (int row = 0; row < rows; row += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, rows - row);
            long piece = stream.workspace(count * rowBytes);
            stream.write(piece, blocks.asSlice(row * rowBytes, count * rowBytes));
            Grid grid = Grid.elements((long) count * columns / format.blockElements());
            stream.launch(
                    CudaFunction.PACK,
                    grid,
                    piece,
                    format.ggmlType(),
                    count,
                    columns,
                    target + bytes(format, row, columns));
        }
    }

    /** Bytes of so many rows on the device; of a block format whole tiles. */
    static long bytes(QuantFormat format, int rows, int columns) {
        if (!format.isBlocks()) {
            return rows * format.rowBytes(columns);
        }
        return (long) Math.ceilDiv(rows, TILE_ROWS)
                * TILE_ROWS
                * (columns / format.blockElements())
                * blockBytes(format);
    }

    /** Bytes of a block of the file once it is packed: small scales of fewer than eight bits become bytes. */
    private static int blockBytes(QuantFormat format) {
        return switch (format) {
            case Q2_K -> 100;
            case Q3_K -> 114;
            case Q4_K -> 148;
            case Q5_K -> 180;
            case IQ4_XS -> 138;
            case F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q6_K, IQ4_NL -> format.blockBytes();
        };
    }

    long address() {
        return memory.address();
    }

    @Override
    public void close() {
        onClose.run();
    }
}
