package io.plumbline.inference.model;

import io.plumbline.inference.weights.SafetensorsTensor;
import io.plumbline.inference.weights.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Tiny models in Hugging Face layout with random weights: one per feature that a forward pass can have. */
enum RandomModel {
    LLAMA("llama", "\"hidden_act\": \"silu\", \"tie_word_embeddings\": false"),
    QWEN2("qwen2", "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"use_sliding_window\": false"),
    QWEN3("qwen3", "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true"),
    GEMMA3(
            "gemma3_text",
            "\"hidden_activation\": \"gelu_pytorch_tanh\", \"tie_word_embeddings\": true,"
                    + "\"query_pre_attn_scalar\": 8, \"rope_local_base_freq\": 10000.0, \"sliding_window\": 3,"
                    + "\"layer_types\": [\"sliding_attention\", \"full_attention\"]"),
    MINICPM(
            "minicpm",
            "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"scale_emb\": 12, \"scale_depth\": 1.4,"
                    + "\"dim_model_base\": 16"),
    PHI3(
            "phi3",
            "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"sliding_window\": 5,"
                    + "\"partial_rotary_factor\": 0.5"),
    /** Its first layer is dense, its second has experts. */
    QWEN3_MOE(
            "qwen3_moe",
            "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"num_experts\": 4,"
                    + "\"num_experts_per_tok\": 2, \"moe_intermediate_size\": 12, \"norm_topk_prob\": false,"
                    + "\"decoder_sparse_step\": 1, \"mlp_only_layers\": [0]"),
    /** Every layer has experts, and the factors of a row add up to one. */
    QWEN3_MOE_NORMALISED(
            "qwen3_moe",
            "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"num_experts\": 4,"
                    + "\"num_experts_per_tok\": 3, \"moe_intermediate_size\": 12, \"norm_topk_prob\": true,"
                    + "\"decoder_sparse_step\": 1, \"mlp_only_layers\": []"),
    MINICPM3(
            "minicpm3",
            "\"hidden_act\": \"silu\", \"tie_word_embeddings\": true, \"scale_emb\": 12, \"scale_depth\": 1.4,"
                    + "\"dim_model_base\": 16, \"qk_nope_head_dim\": 8, \"qk_rope_head_dim\": 4,"
                    + "\"v_head_dim\": 6, \"q_lora_rank\": 10, \"kv_lora_rank\": 7");

    private static final int VOCABULARY = 48;
    private static final int HIDDEN = 24;
    private static final int FEED_FORWARD = 40;
    private static final int LAYERS = 2;
    private static final int HEADS = 3;
    private static final int HEAD_DIM = 8;

    private final String type;
    private final String settings;

    RandomModel(String type, String settings) {
        this.type = type;
        this.settings = settings;
    }

    private int keyHeads() {
        return this == MINICPM || this == MINICPM3 ? HEADS : 1;
    }

    /** Writes {@code config.json} and {@code model.safetensors} into {@code folder}. */
    Path write(Path folder) throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "%s", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
                 "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d, "head_dim": %d,
                 "max_position_embeddings": 64, "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "rope_scaling": null,
                 "attention_bias": false, %s}
                """.formatted(
                        type, VOCABULARY, HIDDEN, FEED_FORWARD, LAYERS, HEADS, keyHeads(), HEAD_DIM, settings));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), Map.of("format", "pt"), tensors());
        return folder;
    }

    private List<SafetensorsTensor> tensors() {
        List<SafetensorsTensor> tensors = new ArrayList<>();
        var random = new Random(5);
        tensors.add(matrix(random, "model.embed_tokens.weight", VOCABULARY, HIDDEN));
        tensors.add(norm(random, "model.norm.weight", HIDDEN));
        if (this == LLAMA) {
            tensors.add(matrix(random, "lm_head.weight", VOCABULARY, HIDDEN));
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            tensors.add(norm(random, prefix + "input_layernorm.weight", HIDDEN));
            tensors.add(norm(random, prefix + "post_attention_layernorm.weight", HIDDEN));
            attention(random, prefix + "self_attn.", tensors);
            feedForward(random, layer, prefix + "mlp.", tensors);
            if (this == GEMMA3) {
                tensors.add(norm(random, prefix + "pre_feedforward_layernorm.weight", HIDDEN));
                tensors.add(norm(random, prefix + "post_feedforward_layernorm.weight", HIDDEN));
            }
        }
        return tensors;
    }

    private void attention(Random random, String prefix, List<SafetensorsTensor> tensors) {
        int queryWidth = HEADS * HEAD_DIM;
        int keyWidth = keyHeads() * HEAD_DIM;
        switch (this) {
            case PHI3 -> tensors.add(matrix(random, prefix + "qkv_proj.weight", queryWidth + 2 * keyWidth, HIDDEN));
            case MINICPM3 -> {
                tensors.add(matrix(random, prefix + "q_a_proj.weight", 10, HIDDEN));
                tensors.add(norm(random, prefix + "q_a_layernorm.weight", 10));
                tensors.add(matrix(random, prefix + "q_b_proj.weight", HEADS * 12, 10));
                tensors.add(matrix(random, prefix + "kv_a_proj_with_mqa.weight", 7 + 4, HIDDEN));
                tensors.add(norm(random, prefix + "kv_a_layernorm.weight", 7));
                tensors.add(matrix(random, prefix + "kv_b_proj.weight", HEADS * (8 + 6), 7));
            }
            case LLAMA, QWEN2, QWEN3, GEMMA3, MINICPM, QWEN3_MOE, QWEN3_MOE_NORMALISED -> {
                tensors.add(matrix(random, prefix + "q_proj.weight", queryWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "k_proj.weight", keyWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "v_proj.weight", keyWidth, HIDDEN));
            }
        }
        tensors.add(matrix(random, prefix + "o_proj.weight", HIDDEN, this == MINICPM3 ? HEADS * 6 : queryWidth));
        if (this == QWEN2) {
            tensors.add(norm(random, prefix + "q_proj.bias", queryWidth));
            tensors.add(norm(random, prefix + "k_proj.bias", keyWidth));
            tensors.add(norm(random, prefix + "v_proj.bias", keyWidth));
        }
        if (this == QWEN3 || this == GEMMA3 || hasExperts(1)) {
            tensors.add(norm(random, prefix + "q_norm.weight", HEAD_DIM));
            tensors.add(norm(random, prefix + "k_norm.weight", HEAD_DIM));
        }
    }

    private boolean hasExperts(int layer) {
        return this == QWEN3_MOE_NORMALISED || (this == QWEN3_MOE && layer > 0);
    }

    private void feedForward(Random random, int layer, String prefix, List<SafetensorsTensor> tensors) {
        if (hasExperts(layer)) {
            tensors.add(matrix(random, prefix + "gate.weight", 4, HIDDEN));
            for (int expert = 0; expert < 4; expert++) {
                gated(random, prefix + "experts." + expert + ".", 12, tensors);
            }
        } else if (this == PHI3) {
            tensors.add(matrix(random, prefix + "gate_up_proj.weight", 2 * FEED_FORWARD, HIDDEN));
            tensors.add(matrix(random, prefix + "down_proj.weight", HIDDEN, FEED_FORWARD));
        } else {
            gated(random, prefix, FEED_FORWARD, tensors);
        }
    }

    private static void gated(Random random, String prefix, int width, List<SafetensorsTensor> tensors) {
        tensors.add(matrix(random, prefix + "gate_proj.weight", width, HIDDEN));
        tensors.add(matrix(random, prefix + "up_proj.weight", width, HIDDEN));
        tensors.add(matrix(random, prefix + "down_proj.weight", HIDDEN, width));
    }

    private static SafetensorsTensor matrix(Random random, String name, int rows, int columns) {
        return tensor(random, name, List.of((long) rows, (long) columns), 0, 1 / Math.sqrt(columns));
    }

    private static SafetensorsTensor norm(Random random, String name, int width) {
        return tensor(random, name, List.of((long) width), 1, 0.2);
    }

    private static SafetensorsTensor tensor(
            Random random, String name, List<Long> shape, double centre, double spread) {
        float[] values = new float[shape.stream().mapToInt(Long::intValue).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (centre + spread * random.nextGaussian());
        }
        return SafetensorsTensor.ofFloats(name, shape, values);
    }
}
