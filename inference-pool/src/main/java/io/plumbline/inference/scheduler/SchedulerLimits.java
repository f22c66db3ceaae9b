package io.plumbline.inference.scheduler;

/**
 * How much goes into a step.
 *
 * @param tokensPerStep most tokens computed in one step
 * @param maxSequences most sequences running at a time; at most {@code tokensPerStep}, so that each can have a token
 */
public record SchedulerLimits(int tokensPerStep, int maxSequences) {
    public SchedulerLimits {
        if (maxSequences < 1 || tokensPerStep < maxSequences) {
            throw new IllegalArgumentException("%d tokens a step for %d sequences: each needs at least one"
                    .formatted(tokensPerStep, maxSequences));
        }
    }
}
