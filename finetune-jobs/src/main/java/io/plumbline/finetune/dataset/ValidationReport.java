package io.plumbline.finetune.dataset;

import java.util.List;

/**
 * What validation found in a training file.
 *
 * @param rows rows read, broken ones included
 * @param turns messages in all good rows
 * @param characters characters in all good rows
 * @param brokenRows rows with at least one problem
 * @param problems in file order; at most {@link #MAX_PROBLEMS} are listed
 * @param problemCount how many there are in all
 */
public record ValidationReport(
        int rows, int turns, long characters, int brokenRows, List<Problem> problems, int problemCount) {
    /** More problems than this are counted but not listed. */
    public static final int MAX_PROBLEMS = 100;

    public ValidationReport {
        problems = List.copyOf(problems);
    }

    /**
     * One thing wrong with one line.
     *
     * @param line line number, from 1
     * @param field JSON path within the line such as {@code messages[1].content}; empty for the line itself
     * @param reason what is wrong and what is expected
     */
    public record Problem(int line, String field, String reason) {}

    public boolean valid() {
        return problemCount == 0;
    }
}
