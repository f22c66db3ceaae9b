package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;

/** Rows of keys and values into a paged cache, and out of one of 8 bits. */
final class VectorCache {
    private static final int BLOCK = KeyValuePrecision.BLOCK;
    private static final int FLOAT = Float.BYTES;

    private VectorCache() {}

    /** Writes rows of keys or values to where the batch says, and as it says. */
    static void store(AttentionShape shape, PagedBatch batch, long rows, long cache) {
        VectorAttention.Location paged = new VectorAttention.Paged(batch);
        int width = shape.keyValueWidth();
        long stored = (long) batch.precision().rowElements(shape) * FLOAT;
        QuantisedRows scratch = new QuantisedRows(new float[QuantisedRows.rowLength(shape.headDim())], shape.headDim());
        for (int s = 0; s < batch.sequences(); s++) {
            for (int r = batch.rowStart()[s]; r < batch.rowStart()[s + 1]; r++) {
                long slot = paged.slot(s, batch.firstPosition()[s] + r - batch.rowStart()[s]);
                long from = rows + (long) r * width * FLOAT;
                switch (batch.precision()) {
                    case FLOAT32 -> Native.copyFloats(from, cache + slot * stored, width);
                    case INT8 -> {
                        for (int head = 0; head < shape.keyValueHeads(); head++) {
                            scratch.quantise(from + (long) head * shape.headDim() * FLOAT, 0);
                            write(scratch, cache + slot * stored + head * (stored / shape.keyValueHeads()));
                        }
                    }
                }
            }
        }
    }

    private static void write(QuantisedRows row, long to) {
        for (int j = 0; j < row.columns(); j++) {
            Native.putByte(to + j, (byte) row.data()[row.codes(0) + j]);
        }
        for (int b = 0; b < row.columns() / BLOCK; b++) {
            Native.putFloat(to + row.columns() + (long) b * FLOAT, row.data()[row.scales(0) + b]);
        }
    }

    /**
     * Turns a table of addresses of stored rows of one head into one of addresses of their values.
     *
     * @param to where the values [count, headDim] go
     */
    static void unpack(long table, int count, int headDim, long to) {
        for (int j = 0; j < count; j++) {
            long codes = Native.longAt(table + (long) j * Long.BYTES);
            long values = to + (long) j * headDim * FLOAT;
            for (int k = 0; k < headDim; k += Lanes.COUNT) {
                float scale = Native.floatAt(codes + headDim + (long) (k / BLOCK) * FLOAT);
                Lanes.store(Lanes.loadBytes(codes + k).mul(scale), values + (long) k * FLOAT);
            }
            Native.putLong(table + (long) j * Long.BYTES, values);
        }
    }
}
