package io.plumbline.inference.engine;

import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import io.plumbline.inference.tokenizer.StreamingDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns tokens into text that may be shown: whole characters only, and nothing that may still turn out to be part of a
 * stop string. Positions count UTF-16 units of the whole answer.
 */
final class AnswerText {
    private final StreamingDecoder decoder;
    private final List<String> stops;
    /** Text that is decoded but not released. */
    private final StringBuilder held = new StringBuilder();
    /** Position of the first held character. */
    private int released;

    private final Deque<PlacedLogprob> logprobs = new ArrayDeque<>();
    private boolean stopped;

    /** A token's log-probability and where its text begins and ends. */
    private record PlacedLogprob(TokenLogprob logprob, int start, int end) {}

    AnswerText(StreamingDecoder decoder, List<String> stops) {
        this.decoder = decoder;
        this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
    }

    /** Whether a stop string was reached; the text before it has been released. */
    boolean stopped() {
        return stopped;
    }

    /**
     * Adds a token.
     *
     * @param logprob reported with the piece that holds the token's text; null = not asked for
     * @return what may be shown now, possibly empty
     */
    TextDelta push(int token, @Nullable TokenLogprob logprob) {
        int start = released + held.length();
        held.append(decoder.accept(token));
        int decoded = released + held.length();
        if (logprob != null) {
            // A token without text is part of a character, and goes out with it.
            logprobs.add(new PlacedLogprob(logprob, start, Math.max(decoded, start + 1)));
        }
        int stop = firstStop();
        if (stop >= 0) {
            stopped = true;
            held.setLength(stop);
            int cut = released + stop;
            logprobs.removeIf(placed -> placed.start() >= cut);
            return release(stop, Integer.MAX_VALUE);
        }
        int free = held.length() - possibleStop();
        return release(free, released + free);
    }

    /** Everything that was held back: the answer has ended without a stop string. */
    TextDelta finish() {
        if (!stopped) {
            held.append(decoder.finish());
        }
        return release(held.length(), Integer.MAX_VALUE);
    }

    private TextDelta release(int characters, int upTo) {
        String text = held.substring(0, characters);
        held.delete(0, characters);
        released += characters;
        List<TokenLogprob> ready = new ArrayList<>();
        while (!logprobs.isEmpty() && logprobs.getFirst().end() <= upTo) {
            ready.add(logprobs.removeFirst().logprob());
        }
        return new TextDelta(text, ready);
    }

    /** Where the first stop string begins in the held text, or -1. */
    private int firstStop() {
        int first = -1;
        for (String stop : stops) {
            int at = held.indexOf(stop);
            if (at >= 0 && (first < 0 || at < first)) {
                first = at;
            }
        }
        return first;
    }

    /** Length of the longest end of the held text with which a stop string begins. */
    private int possibleStop() {
        int longest = 0;
        for (String stop : stops) {
            for (int length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
                if (stop.startsWith(held.substring(held.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
