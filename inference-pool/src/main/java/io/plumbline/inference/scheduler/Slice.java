package io.plumbline.inference.scheduler;

/**
 * The part of a sequence that one step computes.
 *
 * @param sequence whose tokens
 * @param first position of the first of them
 * @param count how many, guesses included
 * @param guesses how many of them, the last ones, are guessed and not known
 */
public record Slice(Sequence sequence, int first, int count, int guesses) {
    /** Known tokens alone. */
    public Slice(Sequence sequence, int first, int count) {
        this(sequence, first, count, 0);
    }

    /** Tokens that are known. */
    public int known() {
        return count - guesses;
    }

    /** Whether nothing known is missing after this step, so that the next token can be drawn. */
    public boolean catchesUp() {
        return first + known() == sequence.known();
    }

    /** Rows whose logits are wanted, the last ones: that of the last known token and one behind each guess. */
    public int draws() {
        return catchesUp() ? 1 + guesses : 0;
    }
}
