package io.plumbline.inference.kernel.vector;

import io.plumbline.inference.kernel.AttentionShape;
import io.plumbline.inference.kernel.KeyValuePrecision;
import io.plumbline.inference.kernel.PagedBatch;

/**
 * Causal attention. One task is one query row and one key head: all scores of a query head, their softmax, then the
 * weighted sum of values, key ascending. So nothing depends on batching, chunking or paging.
 *
 * @param keys address of the key rows: of the cache, or of the batch itself
 * @param values address of the value rows
 * @param location where the rows of a sequence are
 */
record VectorAttention(AttentionShape shape, Location location, long q, long keys, long values, long out) {
    private static final int FLOAT = Float.BYTES;
    private static final int POINTER = Long.BYTES;

    /** Sequences of rows, and where their keys are. */
    sealed interface Location {
        int[] rowStart();

        /** Position of the first row of a sequence. */
        int firstPosition(int sequence);

        /** The row among the keys that holds a position of a sequence. */
        long slot(int sequence, int position);

        /** How those rows are stored. */
        KeyValuePrecision precision();
    }

    /** Keys in a cache of blocks. */
    record Paged(PagedBatch batch) implements Location {
        @Override
        public int[] rowStart() {
            return batch.rowStart();
        }

        @Override
        public int firstPosition(int sequence) {
            return batch.firstPosition()[sequence];
        }

        @Override
        public long slot(int sequence, int position) {
            int size = batch.blockSize();
            return (long) batch.blockTable()[sequence][position / size] * size + position % size;
        }

        @Override
        public KeyValuePrecision precision() {
            return batch.precision();
        }
    }

    /** Keys beside the queries: whole sequences. */
    record Contiguous(int[] rowStart) implements Location {
        @Override
        public int firstPosition(int sequence) {
            return 0;
        }

        @Override
        public long slot(int sequence, int position) {
            return (long) rowStart[sequence] + position;
        }

        @Override
        public KeyValuePrecision precision() {
            return KeyValuePrecision.FLOAT32;
        }
    }

    /** The first key that the query at {@code position} sees. */
    static int firstVisible(AttentionShape shape, int position) {
        return shape.window() == 0 ? 0 : Math.max(0, position - shape.window() + 1);
    }

    void run(WorkerPool pool) {
        int[] rowStart = location.rowStart();
        int longest = 0;
        for (int s = 0; s + 1 < rowStart.length; s++) {
            longest = Math.max(longest, rowStart[s + 1] - rowStart[s] + location.firstPosition(s));
        }
        int keyHeads = shape.keyValueHeads();
        long unpacked = quantised() ? 2L * shape.headDim() * FLOAT : 0;
        pool.reserve((2L * POINTER + FLOAT + unpacked) * (longest + Lanes.CANONICAL));
        pool.run(
                rowStart[rowStart.length - 1] * keyHeads,
                (task, table) -> row(task / keyHeads, task % keyHeads, table));
    }

    private boolean quantised() {
        return location.precision() == KeyValuePrecision.INT8;
    }

    private int sequenceOf(int row) {
        int[] rowStart = location.rowStart();
        int low = 0;
        int high = rowStart.length - 2;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            if (rowStart[middle] <= row) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private void row(int row, int keyHead, long keyTable) {
        int sequence = sequenceOf(row);
        int position = row - location.rowStart()[sequence] + location.firstPosition(sequence);
        int first = firstVisible(shape, position);
        int count = position + 1 - first;
        long valueTable = keyTable + (long) count * POINTER;
        long scores = valueTable + (long) count * POINTER;
        long headBytes = (long) location.precision().headElements(shape.headDim()) * FLOAT;
        long rowBytes = shape.keyValueHeads() * headBytes;
        long column = keyHead * headBytes;
        for (int j = 0; j < count; j++) {
            long offset = location.slot(sequence, first + j) * rowBytes + column;
            Native.putLong(keyTable + (long) j * POINTER, keys + offset);
            Native.putLong(valueTable + (long) j * POINTER, values + offset);
        }
        if (quantised()) {
            long unpacked = scores + (long) (count + Lanes.CANONICAL) * FLOAT;
            VectorCache.unpack(keyTable, count, shape.headDim(), unpacked);
            VectorCache.unpack(valueTable, count, shape.headDim(), unpacked + (long) count * shape.headDim() * FLOAT);
        }
        int group = shape.heads() / shape.keyValueHeads();
        OuterProducts weighted = OuterProducts.of(scores, valueTable, count, shape.headDim());
        for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
            long at = ((long) row * shape.heads() + h) * shape.headDim() * FLOAT;
            RowProducts.dots(q + at, keyTable, count, shape.headDim(), scores);
            RowFunctions.scale(scores, count, shape.scale());
            float inverse = 1f / RowFunctions.exponentials(scores, count);
            weighted.into(out + at, inverse, OuterProducts.Mode.SET);
        }
    }
}
