package io.plumbline.inference.model;

import static io.plumbline.inference.model.TensorRole.ATTENTION_NORM;
import static io.plumbline.inference.model.TensorRole.EMBEDDING;
import static io.plumbline.inference.model.TensorRole.FEED_FORWARD_NORM;
import static io.plumbline.inference.model.TensorRole.FINAL_NORM;
import static io.plumbline.inference.model.TensorRole.HEAD;
import static io.plumbline.inference.model.TensorRole.KEY_NORM;
import static io.plumbline.inference.model.TensorRole.POST_ATTENTION_NORM;
import static io.plumbline.inference.model.TensorRole.POST_FEED_FORWARD_NORM;
import static io.plumbline.inference.model.TensorRole.QUERY_NORM;
import static io.plumbline.inference.model.TensorRole.ROPE_DIVISORS;

import java.util.Map;

/**
 * The names of tensors in one kind of model file, as data. A layer's number stands where the pattern has {@code #}.
 */
public enum TensorNaming {
    /** llama.cpp's names. */
    GGUF(
            Map.of(
                    EMBEDDING, "token_embd.weight",
                    FINAL_NORM, "output_norm.weight",
                    HEAD, "output.weight",
                    ROPE_DIVISORS, "rope_freqs.weight",
                    ATTENTION_NORM, "blk.#.attn_norm.weight",
                    QUERY_NORM, "blk.#.attn_q_norm.weight",
                    KEY_NORM, "blk.#.attn_k_norm.weight",
                    POST_ATTENTION_NORM, "blk.#.post_attention_norm.weight",
                    FEED_FORWARD_NORM, "blk.#.ffn_norm.weight",
                    POST_FEED_FORWARD_NORM, "blk.#.post_ffw_norm.weight"),
            Map.of(
                    Projection.QUERY, "blk.#.attn_q",
                    Projection.KEY, "blk.#.attn_k",
                    Projection.VALUE, "blk.#.attn_v",
                    Projection.OUTPUT, "blk.#.attn_output",
                    Projection.GATE, "blk.#.ffn_gate",
                    Projection.UP, "blk.#.ffn_up",
                    Projection.DOWN, "blk.#.ffn_down")),
    /** transformers' names where a layer has two norms: the second one stands before the feed-forward block. */
    HUGGING_FACE(huggingFaceNorms("post_attention_layernorm", "-"), huggingFaceProjections()),
    /** transformers' names where a layer has four norms: {@code post_attention_layernorm} means what it says. */
    HUGGING_FACE_POST_NORMS(
            huggingFaceNorms("pre_feedforward_layernorm", "post_attention_layernorm"), huggingFaceProjections());

    private final Map<TensorRole, String> roles;
    private final Map<Projection, String> projections;

    TensorNaming(Map<TensorRole, String> roles, Map<Projection, String> projections) {
        this.roles = roles;
        this.projections = projections;
    }

    /** The tensor's name; {@code layer} is ignored if the model has only one of them. */
    String name(TensorRole role, int layer) {
        return roles.getOrDefault(role, "-").replace("#", Integer.toString(layer));
    }

    /** Name of the matrix of a linear layer. */
    String weight(Projection projection, int layer) {
        return path(projection, layer) + ".weight";
    }

    /** Name of the bias of a linear layer. */
    String bias(Projection projection, int layer) {
        return path(projection, layer) + ".bias";
    }

    private String path(Projection projection, int layer) {
        String pattern = projections.get(projection);
        if (pattern == null) {
            throw new IllegalStateException("no name for " + projection);
        }
        return pattern.replace("#", Integer.toString(layer));
    }

    private static Map<TensorRole, String> huggingFaceNorms(String beforeFeedForward, String afterAttention) {
        return Map.of(
                EMBEDDING, "model.embed_tokens.weight",
                FINAL_NORM, "model.norm.weight",
                HEAD, "lm_head.weight",
                ATTENTION_NORM, "model.layers.#.input_layernorm.weight",
                QUERY_NORM, "model.layers.#.self_attn.q_norm.weight",
                KEY_NORM, "model.layers.#.self_attn.k_norm.weight",
                FEED_FORWARD_NORM, "model.layers.#." + beforeFeedForward + ".weight",
                POST_ATTENTION_NORM, "model.layers.#." + afterAttention + ".weight",
                POST_FEED_FORWARD_NORM, "model.layers.#.post_feedforward_layernorm.weight");
    }

    private static Map<Projection, String> huggingFaceProjections() {
        return Map.of(
                Projection.QUERY, "model.layers.#.self_attn.q_proj",
                Projection.KEY, "model.layers.#.self_attn.k_proj",
                Projection.VALUE, "model.layers.#.self_attn.v_proj",
                Projection.OUTPUT, "model.layers.#.self_attn.o_proj",
                Projection.GATE, "model.layers.#.mlp.gate_proj",
                Projection.UP, "model.layers.#.mlp.up_proj",
                Projection.DOWN, "model.layers.#.mlp.down_proj");
    }
}
