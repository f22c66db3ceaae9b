package io.plumbline.finetune.dataset;

/**
 * A row as the model sees it.
 *
 * @param line line number in its file, from 1
 * @param tokens the whole conversation, cut to the limit
 * @param targets per token the one that should follow it, -1 = not trained; the last is always -1
 * @param targetCount number of targets that are not -1
 */
// Arrays go to the kernels as they are; nobody compares or changes them.
@SuppressWarnings("ArrayRecordComponent")
public record TokenizedRow(int line, int[] tokens, int[] targets, int targetCount) {
    /** Number of tokens. */
    public int length() {
        return tokens.length;
    }

    /**
     * Tokens that have to be computed: those after the last target influence no loss. At least 1.
     */
    public int usefulLength() {
        int length = targets.length;
        while (length > 1 && targets[length - 1] < 0) {
            length--;
        }
        return length;
    }
}
