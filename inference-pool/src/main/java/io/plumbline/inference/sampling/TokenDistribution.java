package io.plumbline.inference.sampling;

/**
 * The tokens that may come next, with their probabilities. A view of its {@link Sampler}'s work arrays: valid until the
 * sampler is used again.
 */
public final class TokenDistribution {
    private final int[] tokens;
    private final double[] weights;
    private final int size;
    private final double total;

    TokenDistribution(int[] tokens, double[] weights, int size, double total) {
        this.tokens = tokens;
        this.weights = weights;
        this.size = size;
        this.total = total;
    }

    /** Number of tokens with a probability above 0 (underflow aside). */
    public int size() {
        return size;
    }

    /** A token that may come next. */
    public int token(int index) {
        return tokens[index];
    }

    /** Its probability; all add up to 1. */
    public double probability(int index) {
        return weights[index] / total;
    }

    /**
     * The token at which the cumulative probability exceeds {@code u}.
     *
     * @param u 0 ≤ u &lt; 1
     */
    public int at(double u) {
        double target = u * total;
        double cumulative = 0;
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] > 0) {
                last = i;
            }
            cumulative += weights[i];
            if (cumulative > target) {
                return tokens[i];
            }
        }
        return tokens[last]; // rounding may leave the sum a hair below u
    }
}
