package io.plumbline.inference.model;

/**
 * Whole sequences to learn from, packed one after the other without padding.
 *
 * @param tokens one per row
 * @param sequenceStart length sequences + 1; sequence s owns rows sequenceStart[s] to sequenceStart[s+1] - 1
 * @param targets per row the token that should follow it, negative = none is asked for
 */
// The arrays are handed to kernels as they are; nobody compares or changes them.
@SuppressWarnings("ArrayRecordComponent")
public record TrainingBatch(int[] tokens, int[] sequenceStart, int[] targets) {
    public TrainingBatch {
        if (tokens.length == 0 || targets.length != tokens.length) {
            throw new IllegalArgumentException(
                    "%d tokens need as many targets, not %d".formatted(tokens.length, targets.length));
        }
        if (sequenceStart.length < 2
                || sequenceStart[0] != 0
                || sequenceStart[sequenceStart.length - 1] != tokens.length) {
            throw new IllegalArgumentException("the sequences must cover all %d rows".formatted(tokens.length));
        }
    }

    /** Number of rows. */
    public int rows() {
        return tokens.length;
    }

    /** The rows that have a target, ascending. */
    public int[] targetRows() {
        int[] rows = new int[targetCount()];
        int next = 0;
        for (int row = 0; row < targets.length; row++) {
            if (targets[row] >= 0) {
                rows[next] = row;
                next++;
            }
        }
        return rows;
    }

    /** Number of rows that have a target. */
    public int targetCount() {
        int count = 0;
        for (int target : targets) {
            count += target >= 0 ? 1 : 0;
        }
        return count;
    }
}
