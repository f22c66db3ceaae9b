package io.plumbline.platform.gateway;

import io.plumbline.compliance.screen.Screened;
import io.plumbline.compliance.screen.StreamScreen;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One choice on its way out: text passes the rules, and log-probabilities follow the text they belong to. A token's
 * log-probability spells out the token, so from the first character that the rules changed, none leaves any more.
 */
final class ScreenedChoice {
    private final StreamScreen screen;
    private final StringBuilder generated = new StringBuilder();
    private int released;
    private boolean changed;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private List<Verdict> verdicts = List.of();

    /** @param end length of the generated text up to and including the piece */
    private record Waiting(int end, List<TokenLogprob> logprobs) {}

    /** What may leave now. */
    record Released(String text, List<TokenLogprob> logprobs) {
        boolean isEmpty() {
            return text.isEmpty() && logprobs.isEmpty();
        }
    }

    /**
     * The last of it.
     *
     * @param withheld whether a rule withheld the answer
     * @param message what that rule says
     */
    record Last(Released rest, boolean withheld, Optional<Screened.Message> message) {}

    ScreenedChoice(StreamScreen screen) {
        this.screen = screen;
    }

    Released push(TextDelta delta) {
        generated.append(delta.text());
        if (!delta.logprobs().isEmpty()) {
            waiting.add(new Waiting(generated.length(), delta.logprobs()));
        }
        return release(screen.push(delta.text()));
    }

    boolean withheld() {
        return screen.withheld();
    }

    Last finish() {
        Screened end = screen.finish();
        verdicts = end.verdicts();
        Released rest = end.withheld() ? new Released("", List.of()) : release(end.text());
        return new Last(rest, end.withheld(), end.message());
    }

    /** Known after {@link #finish}. */
    List<Verdict> verdicts() {
        return verdicts;
    }

    private Released release(String text) {
        int end = released + text.length();
        changed |=
                end > generated.length() || !generated.substring(released, end).equals(text);
        released = end;
        List<TokenLogprob> logprobs = new ArrayList<>();
        while (!changed && !waiting.isEmpty() && waiting.getFirst().end() <= released) {
            logprobs.addAll(waiting.removeFirst().logprobs());
        }
        return new Released(text, List.copyOf(logprobs));
    }
}
