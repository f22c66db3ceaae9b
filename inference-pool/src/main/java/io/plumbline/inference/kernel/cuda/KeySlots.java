package io.plumbline.inference.kernel.cuda;

import io.plumbline.inference.kernel.PagedBatch;
import java.util.Arrays;

/**
 * Where the keys and values of every sequence lie: position p of sequence s in slot {@code firstSlots[start[s] + p /
 * blockSize] + p % blockSize}.
 *
 * @param firstSlots the first slot of every block, all sequences one after another
 * @param start where a sequence's blocks begin in {@code firstSlots}
 * @param blockSize positions of a block
 */
record KeySlots(int[] firstSlots, int[] start, int blockSize) {
    /** In the blocks of a cache, up to the last position that a sequence has after the batch. */
    static KeySlots paged(PagedBatch batch) {
        int[] start = new int[batch.sequences()];
        int[] firstSlots = new int[0];
        int blocks = 0;
        for (int s = 0; s < start.length; s++) {
            start[s] = blocks;
            int end = batch.firstPosition()[s] + batch.rowStart()[s + 1] - batch.rowStart()[s];
            int used = Math.ceilDiv(end, batch.blockSize());
            if (blocks + used > firstSlots.length) {
                firstSlots = Arrays.copyOf(firstSlots, 2 * (blocks + used));
            }
            for (int b = 0; b < used; b++) {
                firstSlots[blocks++] = Math.multiplyExact(batch.blockTable()[s][b], batch.blockSize());
            }
        }
        return new KeySlots(Arrays.copyOf(firstSlots, blocks), start, batch.blockSize());
    }

    /** In the rows of the call: a sequence is one block. */
    static KeySlots contiguous(int[] sequenceStart) {
        int[] start = new int[sequenceStart.length - 1];
        for (int s = 0; s < start.length; s++) {
            start[s] = s;
        }
        return new KeySlots(sequenceStart, start, Integer.MAX_VALUE);
    }

    int slot(int sequence, int position) {
        return firstSlots[start[sequence] + position / blockSize] + position % blockSize;
    }

    /** The slot of every row of a batch. */
    int[] ofRows(PagedBatch batch) {
        int[] slots = new int[batch.rows()];
        for (int s = 0; s < batch.sequences(); s++) {
            for (int r = batch.rowStart()[s]; r < batch.rowStart()[s + 1]; r++) {
                slots[r] = slot(s, batch.firstPosition()[s] + r - batch.rowStart()[s]);
            }
        }
        return slots;
    }
}
