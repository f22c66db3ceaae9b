package io.plumbline.compliance.detect;

import java.util.List;

/** One detector at work on one text. Not thread-safe. */
@FunctionalInterface
public interface Tracker {
    /** Nothing is open. */
    int SETTLED = Integer.MAX_VALUE;

    /** Takes the next complete sentence and returns the spans that are now certain. */
    List<Match> accept(Sentence sentence);

    /** Index in the original text from which a span may still be growing; {@link #SETTLED} if none is. */
    default int openFrom() {
        return SETTLED;
    }
}
