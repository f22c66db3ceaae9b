package io.plumbline.compliance.review;

import java.util.Optional;

/**
 * Which cases are wanted.
 *
 * @param level empty = both
 * @param reviewer only those that this reviewer holds, or decided; empty = whoever
 */
public record CaseFilter(CaseSelection selection, Optional<ReviewLevel> level, Optional<String> reviewer) {
    /** Everything that waits for a decision. */
    public static final CaseFilter OPEN = new CaseFilter(CaseSelection.OPEN, Optional.empty(), Optional.empty());
}
