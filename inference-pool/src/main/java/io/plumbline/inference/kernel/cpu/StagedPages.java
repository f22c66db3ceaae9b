package io.plumbline.inference.kernel.cpu;

import io.plumbline.inference.kernel.PagedBatch;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Where a batch's rows belong, as addresses of arrays in staging memory: good until the next call.
 *
 * @param rowStart [sequences + 1]
 * @param firstPosition [sequences]
 * @param blockTable the block numbers of all sequences, one after the other
 * @param blockStart [sequences], where each one's begin in {@code blockTable}
 */
record StagedPages(long rowStart, long firstPosition, long blockTable, long blockStart) {
    static StagedPages of(PagedBatch batch, Staging staging) {
        int blocks = 0;
        int[] blockStart = new int[batch.sequences()];
        for (int s = 0; s < batch.sequences(); s++) {
            blockStart[s] = blocks;
            blocks += batch.blockTable()[s].length;
        }
        staging.begin(3L * batch.sequences() + 1 + blocks, 4);
        long rowStart = staging.ints(batch.rowStart());
        long firstPosition = staging.ints(batch.firstPosition());
        long starts = staging.ints(blockStart);
        MemorySegment table = staging.take((long) blocks * Integer.BYTES);
        for (int s = 0; s < batch.sequences(); s++) {
            int[] row = batch.blockTable()[s];
            long to = (long) blockStart[s] * Integer.BYTES;
            MemorySegment.copy(row, 0, table, ValueLayout.JAVA_INT, to, row.length);
        }
        return new StagedPages(rowStart, firstPosition, table.address(), starts);
    }
}
