package io.plumbline.inference.model;

/**
 * Latent attention (DeepSeek-AI 2024, arXiv 2405.04434, section 2.1): queries, and keys with values, come from two narrow
 * normalised latents. The trailing elements of every query and key head rotate, and those of the keys are the same in
 * every head.
 *
 * @param queryRank width of the queries' latent
 * @param keyValueRank width of the latent of keys and values
 * @param valueDim elements of a value head; at most those of a key head
 * @param normEpsilon ε of the norms over the two latents
 */
public record LatentPlan(int queryRank, int keyValueRank, int valueDim, float normEpsilon) {
    /** What transformers has in its code; no file states it. */
    static final float NORM_EPSILON = 1e-6f;

    public LatentPlan {
        if (queryRank < 1 || keyValueRank < 1 || valueDim < 1) {
            throw new IllegalArgumentException(
                    "impossible latent attention: query rank %d, key and value rank %d, value heads of %d"
                            .formatted(queryRank, keyValueRank, valueDim));
        }
    }
}
