package io.plumbline.inference.sampling;

/**
 * The tokens that may come next, by ascending id, with their probabilities. A view of its {@link Sampler}'s work arrays:
 * valid until the sampler is used again.
 */
public sealed interface TokenDistribution permits ListedTokens, WholeVocabulary {
    /** Number of tokens with a probability above 0 (underflow aside). */
    int size();

    /** A token that may come next. */
    int token(int index);

    /** Its probability; all add up to 1. */
    double probability(int index);

    /**
     * The token at which the cumulative probability exceeds {@code u}.
     *
     * @param u 0 ≤ u &lt; 1
     */
    int at(double u);
}
