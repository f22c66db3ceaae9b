package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.Notice;
import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.StreamScreen;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.constraint.ConstraintCheck;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One choice on its way out: text passes the rules, and log-probabilities follow the text they belong to. A token's
 * log-probability spells out the token, so from the first character that the rules changed, none leaves any more. Words
 * that a rule adds behind an answer change none of it.
 */
final class ScreenedChoice {
    private static final Screened.Message SPOILT = new Screened.Message(
            "规则遮盖了此回答的一部分，余下的内容不再符合所要求的格式，因此不予放行。",
            "A rule masks a part of this answer, and what is left is not of the form that was asked for; it is not"
                    + " released.");

    private final StreamScreen screen;
    private final Optional<Screened.Message> questionHeld;
    private final Optional<ConstraintCheck> form;
    private final StringBuilder generated = new StringBuilder();
    private final StringBuilder passed = new StringBuilder();
    private final StringBuilder left = new StringBuilder();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** Characters that have left as they were generated; what left after them differs. */
    private int asGenerated;

    private boolean changed;
    private boolean spoilt;
    private List<Verdict> verdicts = List.of();

    /** @param end length of the generated text up to and including the piece */
    private record Waiting(int end, List<TokenLogprob> logprobs) {}

    /** What may leave now. */
    record Released(String text, List<TokenLogprob> logprobs) {
        static final Released NOTHING = new Released("", List.of());

        boolean isEmpty() {
            return text.isEmpty() && logprobs.isEmpty();
        }
    }

    /** What becomes of the choice. */
    sealed interface Fate {
        /** Its rest leaves, and the notices beside it. */
        record Passed(Released rest, List<Notice> notices) implements Fate {}

        /** A rule blocks it, and says so. */
        record Blocked(Screened.Message message) implements Fate {}

        /**
         * A person decides on it.
         *
         * @param message of the rule
         * @param generated as the model wrote it
         * @param releasable as the rules would release it
         * @param notices to be told beside it
         */
        record Held(Screened.Message message, String generated, String releasable, List<Notice> notices)
                implements Fate {}
    }

    /**
     * @param questionHeld what the rule says that holds the question: then nothing leaves, and a person decides
     * @param form of the answer; empty if it may be any text
     */
    ScreenedChoice(StreamScreen screen, Optional<Screened.Message> questionHeld, Optional<ConstraintCheck> form) {
        this.screen = screen;
        this.questionHeld = questionHeld;
        this.form = form;
    }

    Released push(TextDelta delta) {
        generated.append(delta.text());
        if (!delta.logprobs().isEmpty()) {
            waiting.add(new Waiting(generated.length(), delta.logprobs()));
        }
        String text = screen.push(delta.text());
        passed.append(text);
        return questionHeld.isPresent() ? Released.NOTHING : release(text);
    }

    /** Whether a rule blocks it: what the model would still say is not wanted. */
    boolean blocked() {
        return spoilt || screen.blocked();
    }

    /** Rules whose words will be told beside it, where that is certain before it begins. */
    List<String> announced() {
        return questionHeld.isPresent() ? List.of() : screen.announced();
    }

    /** Whether nothing leaves before the end. */
    boolean silent() {
        return questionHeld.isPresent() || screen.buffers();
    }

    Fate finish() {
        Screened end = screen.finish();
        verdicts = end.verdicts();
        if (end.held()) {
            Screened.Message message = questionHeld.or(end::message).orElseThrow();
            return new Fate.Held(message, generated.toString(), end.releasable().orElseThrow(), end.notices());
        }
        if (end.withheld()) {
            return new Fate.Blocked(end.message().orElseThrow());
        }
        if (questionHeld.isPresent()) {
            return new Fate.Held(questionHeld.get(), generated.toString(), passed + end.text(), end.notices());
        }
        Released rest = release(end.text());
        spoilt |= changed && form.isPresent() && !form.get().holds(generated.toString(), left.toString());
        return spoilt ? new Fate.Blocked(SPOILT) : new Fate.Passed(rest, end.notices());
    }

    /** Known after {@link #finish}. */
    List<Verdict> verdicts() {
        return verdicts;
    }

    private Released release(String text) {
        if (!changed) {
            int same = commonPrefix(generated, asGenerated, text);
            asGenerated += same;
            changed = same < text.length();
        }
        left.append(text);
        spoilt |= changed && form.isPresent() && !form.get().canGoOn(generated.toString(), left.toString());
        if (spoilt) {
            return Released.NOTHING;
        }
        List<TokenLogprob> logprobs = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.getFirst().end() <= asGenerated) {
            logprobs.addAll(waiting.removeFirst().logprobs());
        }
        return new Released(text, List.copyOf(logprobs));
    }

    /** How many characters of a text stand from a position on. */
    private static int commonPrefix(CharSequence all, int from, String text) {
        int count = 0;
        while (count < text.length() && from + count < all.length() && all.charAt(from + count) == text.charAt(count)) {
            count++;
        }
        return count;
    }
}
