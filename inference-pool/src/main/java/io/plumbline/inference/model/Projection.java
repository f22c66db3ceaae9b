package io.plumbline.inference.model;

/**
 * The linear layers of a decoder layer as the forward pass computes them; each can carry a low-rank delta. Files may keep
 * several in one matrix: see {@link ModulePlan}.
 */
public enum Projection {
    QUERY,
    KEY,
    VALUE,
    /** Hidden state to the latent of the queries. */
    QUERY_DOWN,
    /** Latent to the queries. */
    QUERY_UP,
    /** Hidden state to the latent of keys and values. */
    KEY_VALUE_DOWN,
    /** Hidden state to the rotating part of the keys, which all heads share. */
    ROTARY_KEY,
    /** Latent to the other part of each head's key, and its value. */
    KEY_VALUE_UP,
    OUTPUT,
    GATE,
    UP,
    DOWN;

    /** Output features. */
    public int out(ModelPlan plan, int layer) {
        LayerPlan l = plan.layers().get(layer);
        return switch (this) {
            case QUERY, QUERY_UP -> l.attention().queryWidth();
            case KEY, VALUE -> l.attention().keyValueWidth();
            case QUERY_DOWN -> l.requireLatent().queryRank();
            case KEY_VALUE_DOWN -> l.requireLatent().keyValueRank();
            case ROTARY_KEY -> l.rope().rotaryDim();
            case KEY_VALUE_UP -> l.keyValueUpWidth();
            case OUTPUT, DOWN -> plan.hidden();
            case GATE, UP -> l.feedForward().width();
        };
    }

    /** Input features. */
    public int in(ModelPlan plan, int layer) {
        LayerPlan l = plan.layers().get(layer);
        return switch (this) {
            case QUERY, KEY, VALUE, QUERY_DOWN, KEY_VALUE_DOWN, ROTARY_KEY, GATE, UP -> plan.hidden();
            case QUERY_UP -> l.requireLatent().queryRank();
            case KEY_VALUE_UP -> l.requireLatent().keyValueRank();
            case OUTPUT -> l.mixedWidth();
            case DOWN -> l.feedForward().width();
        };
    }
}
