package io.plumbline.inference.kernel;

/**
 * Where the rows of a step belong in a paged key/value cache. Sequence s owns rows {@code rowStart[s]} (inclusive) to
 * {@code rowStart[s+1]} (exclusive); its first row has position {@code firstPosition[s]}. Position p of sequence s lives
 * in block {@code blockTable[s][p / blockSize]} at offset {@code p % blockSize}.
 *
 * @param rowStart length sequences + 1, ascending, starting at 0
 * @param firstPosition length sequences: tokens already in the cache
 * @param blockTable one row of block numbers per sequence, long enough for its last position
 * @param blockSize positions per block
 * @param precision how the cache stores keys and values; the same in every call on one cache
 */
public record PagedBatch(
        int[] rowStart, int[] firstPosition, int[][] blockTable, int blockSize, KeyValuePrecision precision) {
    public PagedBatch {
        if (blockSize < 1
                || rowStart.length != firstPosition.length + 1
                || blockTable.length != firstPosition.length
                || rowStart[0] != 0) {
            throw new IllegalArgumentException("inconsistent paged batch");
        }
    }

    /** A cache of float32. */
    public PagedBatch(int[] rowStart, int[] firstPosition, int[][] blockTable, int blockSize) {
        this(rowStart, firstPosition, blockTable, blockSize, KeyValuePrecision.FLOAT32);
    }

    public int sequences() {
        return firstPosition.length;
    }

    public int rows() {
        return rowStart[sequences()];
    }
}
