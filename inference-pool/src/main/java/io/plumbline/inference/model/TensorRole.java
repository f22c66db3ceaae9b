package io.plumbline.inference.model;

/** What a tensor of a model file is for. */
public enum TensorRole {
    EMBEDDING(false),
    FINAL_NORM(false),
    HEAD(false),
    ROPE_DIVISORS(false),
    /** Divisors within the context that a model was first trained with, and beyond it. */
    ROPE_SHORT_DIVISORS(false),
    ROPE_LONG_DIVISORS(false),
    ATTENTION_NORM(true),
    /** Norms over the two latents of latent attention. */
    QUERY_LATENT_NORM(true),
    KEY_VALUE_LATENT_NORM(true),
    /** [experts, hidden], which experts a row goes to. */
    ROUTER(true),
    QUERY_NORM(true),
    KEY_NORM(true),
    POST_ATTENTION_NORM(true),
    FEED_FORWARD_NORM(true),
    POST_FEED_FORWARD_NORM(true);

    private final boolean perLayer;

    TensorRole(boolean perLayer) {
        this.perLayer = perLayer;
    }

    /** Whether every decoder layer has one. */
    public boolean perLayer() {
        return perLayer;
    }
}
