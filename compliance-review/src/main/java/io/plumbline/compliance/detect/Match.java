package io.plumbline.compliance.detect;

/**
 * A span that a detector found.
 *
 * @param start first UTF-16 index in the original text
 * @param end index after the span
 * @param steps mask of the {@link NormalisationStep}s that the match needed
 */
public record Match(int start, int end, int steps) {
    public Match {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("no span: [%d, %d)".formatted(start, end));
        }
    }

    /** Whether this span lies inside the other one. */
    public boolean within(Match other) {
        return start >= other.start && end <= other.end;
    }

    /** The same span seen from a text in which this one's text starts at {@code offset}. */
    public Match shifted(int offset) {
        return new Match(start + offset, end + offset, steps);
    }
}
