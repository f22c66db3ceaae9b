package io.plumbline.inference.tokenizer;

/** Says whether two neighbouring symbols merge. */
@FunctionalInterface
interface MergeRule {
    /** The answer for two symbols that do not merge. */
    long NO_MERGE = -1;

    /**
     * What two neighbouring symbols become.
     *
     * @param left token of the left symbol, -1 if its text is no token
     * @param right token of the right symbol, likewise
     * @param start where the left symbol starts in the text
     * @param end where the right symbol ends
     * @return {@code (rank << 32) | token}, lower ranks merging first, or {@link #NO_MERGE}
     */
    long merge(int left, int right, int start, int end);
}
