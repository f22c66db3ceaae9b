package io.plumbline.inference.model;

import static io.plumbline.inference.model.TensorRole.ATTENTION_NORM;
import static io.plumbline.inference.model.TensorRole.EMBEDDING;
import static io.plumbline.inference.model.TensorRole.FEED_FORWARD_NORM;
import static io.plumbline.inference.model.TensorRole.FINAL_NORM;
import static io.plumbline.inference.model.TensorRole.HEAD;
import static io.plumbline.inference.model.TensorRole.KEY_NORM;
import static io.plumbline.inference.model.TensorRole.KEY_VALUE_LATENT_NORM;
import static io.plumbline.inference.model.TensorRole.POST_ATTENTION_NORM;
import static io.plumbline.inference.model.TensorRole.POST_FEED_FORWARD_NORM;
import static io.plumbline.inference.model.TensorRole.QUERY_LATENT_NORM;
import static io.plumbline.inference.model.TensorRole.QUERY_NORM;
import static io.plumbline.inference.model.TensorRole.ROPE_DIVISORS;
import static io.plumbline.inference.model.TensorRole.ROPE_LONG_DIVISORS;
import static io.plumbline.inference.model.TensorRole.ROPE_SHORT_DIVISORS;
import static io.plumbline.inference.model.TensorRole.ROUTER;
import static java.util.Map.entry;

import io.plumbline.inference.weights.LinearModule;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The names of tensors in one kind of model file, as data. A layer's number stands where the pattern has {@code #}.
 */
public enum TensorNaming {
    /** llama.cpp's names. */
    GGUF(
            Map.ofEntries(
                    entry(EMBEDDING, "token_embd.weight"),
                    entry(FINAL_NORM, "output_norm.weight"),
                    entry(HEAD, "output.weight"),
                    entry(ROPE_DIVISORS, "rope_freqs.weight"),
                    entry(ROPE_SHORT_DIVISORS, "rope_factors_short.weight"),
                    entry(ROPE_LONG_DIVISORS, "rope_factors_long.weight"),
                    entry(ATTENTION_NORM, "blk.#.attn_norm.weight"),
                    entry(QUERY_LATENT_NORM, "blk.#.attn_q_a_norm.weight"),
                    entry(KEY_VALUE_LATENT_NORM, "blk.#.attn_kv_a_norm.weight"),
                    entry(ROUTER, "blk.#.ffn_gate_inp.weight"),
                    entry(QUERY_NORM, "blk.#.attn_q_norm.weight"),
                    entry(KEY_NORM, "blk.#.attn_k_norm.weight"),
                    entry(POST_ATTENTION_NORM, "blk.#.post_attention_norm.weight"),
                    entry(FEED_FORWARD_NORM, "blk.#.ffn_norm.weight"),
                    entry(POST_FEED_FORWARD_NORM, "blk.#.post_ffw_norm.weight")),
            Map.ofEntries(
                    entry(LinearModule.Q_PROJ, "blk.#.attn_q"),
                    entry(LinearModule.K_PROJ, "blk.#.attn_k"),
                    entry(LinearModule.V_PROJ, "blk.#.attn_v"),
                    entry(LinearModule.QKV_PROJ, "blk.#.attn_qkv"),
                    entry(LinearModule.Q_A_PROJ, "blk.#.attn_q_a"),
                    entry(LinearModule.Q_B_PROJ, "blk.#.attn_q_b"),
                    entry(LinearModule.KV_A_PROJ_WITH_MQA, "blk.#.attn_kv_a_mqa"),
                    entry(LinearModule.KV_B_PROJ, "blk.#.attn_kv_b"),
                    entry(LinearModule.O_PROJ, "blk.#.attn_output"),
                    entry(LinearModule.GATE_PROJ, "blk.#.ffn_gate"),
                    entry(LinearModule.UP_PROJ, "blk.#.ffn_up"),
                    entry(LinearModule.GATE_UP_PROJ, "blk.#.ffn_up"),
                    entry(LinearModule.DOWN_PROJ, "blk.#.ffn_down"))),
    /** transformers' names where a layer has two norms: the second one stands before the feed-forward block. */
    HUGGING_FACE(huggingFaceNorms("post_attention_layernorm", "-"), huggingFaceModules()),
    /** transformers' names where a layer has four norms: {@code post_attention_layernorm} means what it says. */
    HUGGING_FACE_POST_NORMS(
            huggingFaceNorms("pre_feedforward_layernorm", "post_attention_layernorm"), huggingFaceModules());

    private final Map<TensorRole, String> roles;
    private final Map<LinearModule, String> modules;

    TensorNaming(Map<TensorRole, String> roles, Map<LinearModule, String> modules) {
        this.roles = roles;
        this.modules = modules;
    }

    /** The tensor's name; {@code layer} is ignored if the model has only one of them. */
    String name(TensorRole role, int layer) {
        return roles.getOrDefault(role, "-").replace("#", Integer.toString(layer));
    }

    /** Name of the matrix of a linear layer. */
    String weight(LinearModule module, int layer) {
        return path(module, layer) + ".weight";
    }

    /** Whether the matrices of a layer's experts are one tensor: [experts, out, in]. */
    boolean stacksExperts() {
        return this == GGUF;
    }

    /**
     * Name of a matrix of an expert. It is the same for all experts of a layer where {@link #stacksExperts} holds.
     */
    String expert(LinearModule module, int layer, int expert) {
        return switch (this) {
            case GGUF -> path(module, layer) + "_exps.weight";
            case HUGGING_FACE, HUGGING_FACE_POST_NORMS ->
                "model.layers.%d.mlp.experts.%d.%s.weight".formatted(layer, expert, module.moduleName());
        };
    }

    /** Name of the bias of a linear layer. */
    String bias(LinearModule module, int layer) {
        return path(module, layer) + ".bias";
    }

    private String path(LinearModule module, int layer) {
        String pattern = modules.get(module);
        if (pattern == null) {
            throw new IllegalStateException("no name for " + module);
        }
        return pattern.replace("#", Integer.toString(layer));
    }

    private static Map<TensorRole, String> huggingFaceNorms(String beforeFeedForward, String afterAttention) {
        return Map.ofEntries(
                entry(EMBEDDING, "model.embed_tokens.weight"),
                entry(FINAL_NORM, "model.norm.weight"),
                entry(HEAD, "lm_head.weight"),
                entry(ATTENTION_NORM, "model.layers.#.input_layernorm.weight"),
                entry(QUERY_LATENT_NORM, "model.layers.#.self_attn.q_a_layernorm.weight"),
                entry(KEY_VALUE_LATENT_NORM, "model.layers.#.self_attn.kv_a_layernorm.weight"),
                entry(ROUTER, "model.layers.#.mlp.gate.weight"),
                entry(QUERY_NORM, "model.layers.#.self_attn.q_norm.weight"),
                entry(KEY_NORM, "model.layers.#.self_attn.k_norm.weight"),
                entry(FEED_FORWARD_NORM, "model.layers.#." + beforeFeedForward + ".weight"),
                entry(POST_ATTENTION_NORM, "model.layers.#." + afterAttention + ".weight"),
                entry(POST_FEED_FORWARD_NORM, "model.layers.#.post_feedforward_layernorm.weight"));
    }

    private static Map<LinearModule, String> huggingFaceModules() {
        return Arrays.stream(LinearModule.values())
                .collect(Collectors.toMap(module -> module, module -> "model.layers.#." + module.path()));
    }
}
