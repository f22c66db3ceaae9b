package io.plumbline.inference.kernel.reference;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;

/** Rows of keys and values into a paged cache and out of it again. */
final class ReferenceCache {
    private static final int BLOCK = KeyValuePrecision.BLOCK;

    private ReferenceCache() {}

    /** One key head's row in the cache: {@code float[]} words from {@code at} on. */
    private record Place(float[] words, int at) {
        void putCode(int element, byte code) {
            int word = at + element / Float.BYTES;
            int shift = element % Float.BYTES * Byte.SIZE;
            int others = Float.floatToRawIntBits(words[word]) & ~(0xFF << shift);
            words[word] = Float.intBitsToFloat(others | (code & 0xFF) << shift);
        }

        byte code(int element) {
            int word = Float.floatToRawIntBits(words[at + element / Float.BYTES]);
            return (byte) (word >> element % Float.BYTES * Byte.SIZE);
        }
    }

    static void store(AttentionShape shape, PagedBatch batch, ReferenceBuffer rows, ReferenceBuffer cache) {
        int width = shape.keyValueWidth();
        for (int s = 0; s < batch.sequences(); s++) {
            for (int r = batch.rowStart()[s]; r < batch.rowStart()[s + 1]; r++) {
                int position = batch.firstPosition()[s] + r - batch.rowStart()[s];
                int from = rows.offset() + r * width;
                int to = cache.offset()
                        + slot(batch, s, position) * batch.precision().rowElements(shape);
                switch (batch.precision()) {
                    case FLOAT32 -> System.arraycopy(rows.array(), from, cache.array(), to, width);
                    case INT8 -> quantize(shape, rows.array(), from, new Place(cache.array(), to));
                }
            }
        }
    }

    private static void quantize(AttentionShape shape, float[] rows, int from, Place first) {
        int dim = shape.headDim();
        int stored = KeyValuePrecision.INT8.headElements(dim);
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            var row = ReferenceInteger.QuantizedRow.of(rows, from + head * dim, dim);
            Place to = new Place(first.words(), first.at() + head * stored);
            for (int d = 0; d < dim; d++) {
                to.putCode(d, row.codes()[d]);
            }
            System.arraycopy(row.scales(), 0, to.words(), to.at() + dim / Float.BYTES, dim / BLOCK);
        }
    }

    /** The values [positions, keyValueWidth] of everything that a sequence has in the cache after the batch. */
    static ReferenceBuffer read(AttentionShape shape, PagedBatch batch, int sequence, ReferenceBuffer cache) {
        int width = shape.keyValueWidth();
        int end = batch.firstPosition()[sequence] + batch.rowStart()[sequence + 1] - batch.rowStart()[sequence];
        float[] values = new float[end * width];
        for (int position = 0; position < end; position++) {
            int from = cache.offset()
                    + slot(batch, sequence, position) * batch.precision().rowElements(shape);
            switch (batch.precision()) {
                case FLOAT32 -> System.arraycopy(cache.array(), from, values, position * width, width);
                case INT8 -> restore(shape, new Place(cache.array(), from), values, position * width);
            }
        }
        return new ReferenceBuffer(values, 0, values.length, () -> {});
    }

    private static void restore(AttentionShape shape, Place first, float[] values, int to) {
        int dim = shape.headDim();
        int stored = KeyValuePrecision.INT8.headElements(dim);
        for (int head = 0; head < shape.keyValueHeads(); head++) {
            Place from = new Place(first.words(), first.at() + head * stored);
            for (int d = 0; d < dim; d++) {
                float scale = from.words()[from.at() + dim / Float.BYTES + d / BLOCK];
                values[to + head * dim + d] = scale * from.code(d);
            }
        }
    }

    private static int slot(PagedBatch batch, int sequence, int position) {
        int block = batch.blockTable()[sequence][position / batch.blockSize()];
        return block * batch.blockSize() + position % batch.blockSize();
    }
}
