package io.plumbline.inference.scheduler;

/**
 * How much goes into a step.
 *
 * @param tokensPerStep most tokens computed in one step
 * @param maxSequences most sequences running at a time; at most {@code tokensPerStep}, so that each can have a token
 * @param guessedUpTo a step of fewer tokens is filled up to so many with guesses of what comes next; 0 = no guesses
 */
public record SchedulerLimits(int tokensPerStep, int maxSequences, int guessedUpTo) {
    public SchedulerLimits {
        if (maxSequences < 1 || tokensPerStep < maxSequences) {
            throw new IllegalArgumentException("%d tokens a step for %d sequences: each needs at least one"
                    .formatted(tokensPerStep, maxSequences));
        }
        if (guessedUpTo < 0 || guessedUpTo > tokensPerStep) {
            throw new IllegalArgumentException(
                    "guesses up to %d tokens in a step of at most %d".formatted(guessedUpTo, tokensPerStep));
        }
    }

    /** Without guesses. */
    public SchedulerLimits(int tokensPerStep, int maxSequences) {
        this(tokensPerStep, maxSequences, 0);
    }

    /** Most rows of a step whose logits are wanted. */
    public int drawsPerStep() {
        return Math.max(maxSequences, guessedUpTo);
    }
}
