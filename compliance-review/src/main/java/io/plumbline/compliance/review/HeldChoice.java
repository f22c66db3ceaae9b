package io.plumbline.compliance.review;

import io.plumbline.compliance.screen.Notice;
import java.util.List;
import java.util.Optional;

/**
 * One held choice of an answer.
 *
 * @param index of the choice, from 0
 * @param generated as the model wrote it; spans of findings count its UTF-16 units
 * @param releasable as the rules would release it: redactions, rewrites and labels applied
 * @param ending why generation ended: {@code stop}, {@code length}, or {@code tool_calls} where it calls tools
 * @param released what the caller gets; empty until a decision releases it
 * @param notices what the caller is told beside the released text, where rules add words to an answer in a form
 */
public record HeldChoice(
        int index,
        String generated,
        String releasable,
        String ending,
        Optional<String> released,
        List<Notice> notices) {
    public HeldChoice {
        // Cases opened before there were notices are stored without them.
        notices = notices == null ? List.of() : List.copyOf(notices);
    }

    /** A choice that nobody decided yet. */
    public static HeldChoice undecided(int index, String generated, String releasable, String ending) {
        return new HeldChoice(index, generated, releasable, ending, Optional.empty(), List.of());
    }

    /** The same choice with words to be told beside its text. */
    public HeldChoice with(List<Notice> beside) {
        return new HeldChoice(index, generated, releasable, ending, released, beside);
    }

    HeldChoice released(Optional<String> text) {
        return new HeldChoice(index, generated, releasable, ending, text, notices);
    }
}
