package io.plumbline.inference.weights;

import java.util.Arrays;
import java.util.Optional;

/** The linear layers of a decoder block that an adapter may change, under their Hugging Face names. */
public enum LinearModule {
    Q_PROJ("self_attn", "q_proj"),
    K_PROJ("self_attn", "k_proj"),
    V_PROJ("self_attn", "v_proj"),
    O_PROJ("self_attn", "o_proj"),
    GATE_PROJ("mlp", "gate_proj"),
    UP_PROJ("mlp", "up_proj"),
    DOWN_PROJ("mlp", "down_proj");

    private final String parent;
    private final String moduleName;

    LinearModule(String parent, String moduleName) {
        this.parent = parent;
        this.moduleName = moduleName;
    }

    /** The block's part it belongs to: {@code self_attn} or {@code mlp}. */
    public String parent() {
        return parent;
    }

    /** Its name in {@code target_modules}, such as {@code q_proj}. */
    public String moduleName() {
        return moduleName;
    }

    /** The module of that name, or empty if adapters of this product do not touch it. */
    public static Optional<LinearModule> of(String moduleName) {
        return Arrays.stream(values())
                .filter(module -> module.moduleName.equals(moduleName))
                .findFirst();
    }
}
