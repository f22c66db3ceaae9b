package io.plumbline.inference.scheduler;

/**
 * The part of a sequence that one step computes.
 *
 * @param sequence whose tokens
 * @param first position of the first of them
 * @param count how many
 */
public record Slice(Sequence sequence, int first, int count) {
    /** Whether nothing is missing after this step, so that the next token can be drawn. */
    public boolean catchesUp() {
        return first + count == sequence.known();
    }
}
