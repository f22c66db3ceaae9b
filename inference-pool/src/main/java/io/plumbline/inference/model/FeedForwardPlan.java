package io.plumbline.inference.model;

import io.plumbline.inference.kernel.Activation;

/** The feed-forward block of a decoder layer. */
public sealed interface FeedForwardPlan {
    /** Width of one gated block. */
    int width();

    /** Its non-linearity. */
    Activation activation();

    /** One gated block for every row. */
    record Dense(int width, Activation activation) implements FeedForwardPlan {}

    /**
     * Many gated blocks, of which a router chooses a few for each row (Shazeer et al. 2017, arXiv 1701.06538): their
     * outputs are added, each times the softmax of the router over all of them.
     *
     * @param width of one expert
     * @param count experts
     * @param used experts per row
     * @param normalised whether the factors of a row's experts are divided by their sum
     */
    record Experts(int width, Activation activation, int count, int used, boolean normalised)
            implements FeedForwardPlan {
        public Experts {
            if (width < 1 || used < 1 || used > count) {
                throw new IllegalArgumentException(
                        "impossible experts: %d of %d, %d wide".formatted(used, count, width));
            }
        }
    }
}
