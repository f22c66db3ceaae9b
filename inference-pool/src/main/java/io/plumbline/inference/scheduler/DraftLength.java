package io.plumbline.inference.scheduler;

/**
 * How many tokens to guess for a sequence, learnt from how its guesses fared. A computed row of a step is cheap but not
 * free: guesses that hold make the next ones longer, and a sequence that goes its own way is left alone for longer and
 * longer.
 */
final class DraftLength {
    private static final int FIRST = 2;
    private static final int LONGEST = 16;
    private static final int FIRST_PAUSE = 8;
    private static final int LONGEST_PAUSE = 256;

    private int length = FIRST;
    private int pause = FIRST_PAUSE;
    /** No guess before the sequence has this many tokens. */
    private int resumeAt;

    /** Tokens to guess for a sequence of {@code known} tokens; 0 = none. */
    int at(int known) {
        return known < resumeAt ? 0 : length;
    }

    /**
     * A guess was put to the test.
     *
     * @param guessed at least 1
     * @param right how many of them, from the first, were drawn indeed
     * @param known tokens of the sequence now
     */
    void tested(int guessed, int right, int known) {
        if (right == 0) {
            length = FIRST;
            resumeAt = known + pause;
            pause = Math.min(2 * pause, LONGEST_PAUSE);
            return;
        }
        pause = FIRST_PAUSE;
        // A guess cut short by the room in the step says nothing against a longer one.
        length = right == guessed ? Math.min(Math.max(length, 2 * guessed), LONGEST) : right;
    }
}
