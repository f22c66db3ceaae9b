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
                    + "\"partial_rotary_factor\": 0.5");

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
        return this == MINICPM ? HEADS : 1;
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
        int queryWidth = HEADS * HEAD_DIM;
        int keyWidth = keyHeads() * HEAD_DIM;
        tensors.add(matrix(random, "model.embed_tokens.weight", VOCABULARY, HIDDEN));
        tensors.add(norm(random, "model.norm.weight", HIDDEN));
        if (this == LLAMA) {
            tensors.add(matrix(random, "lm_head.weight", VOCABULARY, HIDDEN));
        }
        for (int layer = 0; layer < LAYERS; layer++) {
            String prefix = "model.layers." + layer + ".";
            if (this == PHI3) {
                tensors.add(matrix(random, prefix + "self_attn.qkv_proj.weight", queryWidth + 2 * keyWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "mlp.gate_up_proj.weight", 2 * FEED_FORWARD, HIDDEN));
            } else {
                tensors.add(matrix(random, prefix + "self_attn.q_proj.weight", queryWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "self_attn.k_proj.weight", keyWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "self_attn.v_proj.weight", keyWidth, HIDDEN));
                tensors.add(matrix(random, prefix + "mlp.gate_proj.weight", FEED_FORWARD, HIDDEN));
                tensors.add(matrix(random, prefix + "mlp.up_proj.weight", FEED_FORWARD, HIDDEN));
            }
            tensors.add(matrix(random, prefix + "self_attn.o_proj.weight", HIDDEN, queryWidth));
            tensors.add(matrix(random, prefix + "mlp.down_proj.weight", HIDDEN, FEED_FORWARD));
            tensors.add(norm(random, prefix + "input_layernorm.weight", HIDDEN));
            tensors.add(norm(random, prefix + "post_attention_layernorm.weight", HIDDEN));
            if (this == QWEN2) {
                tensors.add(norm(random, prefix + "self_attn.q_proj.bias", queryWidth));
                tensors.add(norm(random, prefix + "self_attn.k_proj.bias", keyWidth));
                tensors.add(norm(random, prefix + "self_attn.v_proj.bias", keyWidth));
            }
            if (this == QWEN3 || this == GEMMA3) {
                tensors.add(norm(random, prefix + "self_attn.q_norm.weight", HEAD_DIM));
                tensors.add(norm(random, prefix + "self_attn.k_norm.weight", HEAD_DIM));
            }
            if (this == GEMMA3) {
                tensors.add(norm(random, prefix + "pre_feedforward_layernorm.weight", HIDDEN));
                tensors.add(norm(random, prefix + "post_feedforward_layernorm.weight", HIDDEN));
            }
        }
        return tensors;
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
