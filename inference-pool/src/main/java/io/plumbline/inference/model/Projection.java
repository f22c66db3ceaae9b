package io.plumbline.inference.model;

import java.util.Arrays;
import java.util.Optional;

/** The linear layers of a decoder layer; each can carry a low-rank delta. */
public enum Projection {
    QUERY("self_attn", "q_proj"),
    KEY("self_attn", "k_proj"),
    VALUE("self_attn", "v_proj"),
    OUTPUT("self_attn", "o_proj"),
    GATE("mlp", "gate_proj"),
    UP("mlp", "up_proj"),
    DOWN("mlp", "down_proj");

    private final String block;
    private final String module;

    Projection(String block, String module) {
        this.block = block;
        this.module = module;
    }

    /** The module's name in PEFT's {@code target_modules}, such as {@code q_proj}. */
    public String module() {
        return module;
    }

    /** The module's path within a decoder layer of a Hugging Face model, such as {@code self_attn.q_proj}. */
    public String path() {
        return block + "." + module;
    }

    /** The projection that PEFT calls {@code module}. */
    public static Optional<Projection> ofModule(String module) {
        return Arrays.stream(values()).filter(p -> p.module.equals(module)).findFirst();
    }

    /** Output features. */
    public int out(ModelPlan plan, int layer) {
        LayerPlan l = plan.layers().get(layer);
        return switch (this) {
            case QUERY -> l.attention().queryWidth();
            case KEY, VALUE -> l.attention().keyValueWidth();
            case OUTPUT, DOWN -> plan.hidden();
            case GATE, UP -> l.feedForward();
        };
    }

    /** Input features. */
    public int in(ModelPlan plan, int layer) {
        LayerPlan l = plan.layers().get(layer);
        return switch (this) {
            case QUERY, KEY, VALUE, GATE, UP -> plan.hidden();
            case OUTPUT -> l.attention().queryWidth();
            case DOWN -> l.feedForward();
        };
    }
}
