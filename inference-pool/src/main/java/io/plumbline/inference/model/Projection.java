package io.plumbline.inference.model;

import io.plumbline.inference.weights.LinearModule;
import java.util.Optional;

/** The linear layers of a decoder layer; each can carry a low-rank delta. */
public enum Projection {
    QUERY(LinearModule.Q_PROJ),
    KEY(LinearModule.K_PROJ),
    VALUE(LinearModule.V_PROJ),
    OUTPUT(LinearModule.O_PROJ),
    GATE(LinearModule.GATE_PROJ),
    UP(LinearModule.UP_PROJ),
    DOWN(LinearModule.DOWN_PROJ);

    private final LinearModule module;

    Projection(LinearModule module) {
        this.module = module;
    }

    /** Its name in adapter files. */
    public LinearModule linearModule() {
        return module;
    }

    /** Its name in PEFT's {@code target_modules}, such as {@code q_proj}. */
    public String module() {
        return module.moduleName();
    }

    /** Its path within a decoder layer of a Hugging Face model, such as {@code self_attn.q_proj}. */
    public String path() {
        return module.parent() + "." + module.moduleName();
    }

    /** The projection that PEFT calls {@code module}. */
    public static Optional<Projection> ofModule(String module) {
        return LinearModule.of(module).map(Projection::of);
    }

    /** The projection of that name in adapter files. */
    public static Projection of(LinearModule module) {
        return switch (module) {
            case Q_PROJ -> QUERY;
            case K_PROJ -> KEY;
            case V_PROJ -> VALUE;
            case O_PROJ -> OUTPUT;
            case GATE_PROJ -> GATE;
            case UP_PROJ -> UP;
            case DOWN_PROJ -> DOWN;
        };
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
