package io.plumbline.compliance.review;

import java.util.Optional;

/**
 * One held choice of an answer.
 *
 * @param index of the choice, from 0
 * @param generated as the model wrote it; spans of findings count its UTF-16 units
 * @param releasable as the rules would release it: redactions, rewrites and labels applied
 * @param ending why generation ended: {@code stop}, {@code length}, or {@code tool_calls} where it calls tools
 * @param released what the caller gets; empty until a decision releases it
 */
public record HeldChoice(int index, String generated, String releasable, String ending, Optional<String> released) {

    /** A choice that nobody decided yet. */
    public static HeldChoice undecided(int index, String generated, String releasable, String ending) {
        return new HeldChoice(index, generated, releasable, ending, Optional.empty());
    }

    HeldChoice released(Optional<String> text) {
        return new HeldChoice(index, generated, releasable, ending, text);
    }
}
