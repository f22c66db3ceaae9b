package io.plumbline.inference.scheduler;

/**
 * How much goes into a step.
 *
 * @param tokensPerStep most tokens computed in one step
 * @param maxSequences most sequences running at a time; at most {@code tokensPerStep}, so that each can have a token
 * @param maxOfTenant most of them of one tenant
 * @param guessedUpTo a step of fewer tokens is filled up to so many with guesses of what comes next; 0 = no guesses
 */
public record SchedulerLimits(int tokensPerStep, int maxSequences, int maxOfTenant, int guessedUpTo) {
    public SchedulerLimits {
        if (maxSequences < 1 || tokensPerStep < maxSequences) {
            throw new IllegalArgumentException("%d tokens a step for %d sequences: each needs at least one"
                    .formatted(tokensPerStep, maxSequences));
        }
        if (maxOfTenant < 1 || maxOfTenant > maxSequences) {
            throw new IllegalArgumentException(
                    "%d sequences of a tenant of %d in all".formatted(maxOfTenant, maxSequences));
        }
        if (guessedUpTo < 0 || guessedUpTo > tokensPerStep) {
            throw new IllegalArgumentException(
                    "guesses up to %d tokens in a step of at most %d".formatted(guessedUpTo, tokensPerStep));
        }
    }

    /** Without guesses, and without a limit for each tenant. */
    public SchedulerLimits(int tokensPerStep, int maxSequences) {
        this(tokensPerStep, maxSequences, maxSequences, 0);
    }

    /** Most rows of a step whose logits are wanted. */
    public int drawsPerStep() {
        return Math.max(maxSequences, guessedUpTo);
    }

    /** The same with another limit of guesses. */
    public SchedulerLimits withGuessesUpTo(int tokens) {
        return new SchedulerLimits(tokensPerStep, maxSequences, maxOfTenant, tokens);
    }

    /** The same with another limit for each tenant. */
    public SchedulerLimits withMaxOfTenant(int sequences) {
        return new SchedulerLimits(tokensPerStep, maxSequences, sequences, guessedUpTo);
    }
}
