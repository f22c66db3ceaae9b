package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Action;
import java.util.List;
import java.util.Optional;

/**
 * The outcome of screening one text.
 *
 * @param text what may be released: the original, redacted or rewritten; empty if it is withheld
 * @param action the strongest action that any rule asked for; empty if none fired
 * @param verdicts every finding, strongest first
 * @param notices what rewriting rules add that does not stand in {@code text}: of an input, words for the answer that
 *     follows; of an answer in a form ({@link TextForm}), words to be told beside it
 * @param message what to tell the caller where the text is withheld; empty otherwise
 * @param releasable the whole text as it would be released had a person approved it: redacted and rewritten, with the
 *     notices of its question. Present only if it is withheld and no rule blocks it, so that a person may decide
 */
public record Screened(
        String text,
        Optional<Action> action,
        List<Verdict> verdicts,
        List<Notice> notices,
        Optional<Message> message,
        Optional<String> releasable) {
    public Screened {
        verdicts = List.copyOf(verdicts);
        notices = List.copyOf(notices);
    }

    /** The outcome for a text that no person can release. */
    public Screened(
            String text,
            Optional<Action> action,
            List<Verdict> verdicts,
            List<Notice> notices,
            Optional<Message> message) {
        this(text, action, verdicts, notices, message, Optional.empty());
    }

    /** The same sentence in both languages of the product. */
    public record Message(String zh, String en) {}

    public boolean withheld() {
        return action.filter(Action::withholds).isPresent();
    }

    /** Whether it waits for a person: it is withheld, but no rule blocks it. */
    public boolean held() {
        return releasable.isPresent();
    }
}
