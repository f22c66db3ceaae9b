package io.plumbline.inference.weights;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The linear layers of a decoder block that an adapter may change, under their Hugging Face names. No family of models
 * has all of them.
 */
public enum LinearModule {
    Q_PROJ("self_attn", "q_proj"),
    K_PROJ("self_attn", "k_proj"),
    V_PROJ("self_attn", "v_proj"),
    /** Rows of q, then k, then v (Phi-3). */
    QKV_PROJ("self_attn", "qkv_proj"),
    /** Hidden state to the latent of the queries (latent attention). */
    Q_A_PROJ("self_attn", "q_a_proj"),
    /** Latent to the queries. */
    Q_B_PROJ("self_attn", "q_b_proj"),
    /** Hidden state to the latent of keys and values, then to the rotating part that all keys share. */
    KV_A_PROJ_WITH_MQA("self_attn", "kv_a_proj_with_mqa"),
    /** Latent to keys and values, head by head. */
    KV_B_PROJ("self_attn", "kv_b_proj"),
    O_PROJ("self_attn", "o_proj"),
    GATE_PROJ("mlp", "gate_proj"),
    UP_PROJ("mlp", "up_proj"),
    /** Rows of gate, then up (Phi-3). */
    GATE_UP_PROJ("mlp", "gate_up_proj"),
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

    /** Its path within a decoder block of a Hugging Face model, such as {@code self_attn.q_proj}. */
    public String path() {
        return parent + "." + moduleName;
    }

    /** For refusals: {@code q_proj, k_proj, …}. */
    public static String names() {
        return Arrays.stream(values()).map(LinearModule::moduleName).collect(Collectors.joining(", "));
    }

    /** The module of that name, or empty if adapters of this product do not touch it. */
    public static Optional<LinearModule> of(String moduleName) {
        return Arrays.stream(values())
                .filter(module -> module.moduleName.equals(moduleName))
                .findFirst();
    }
}
