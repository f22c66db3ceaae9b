package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.weights.BrokenModelFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a configuration says about experts and latent attention, and which numbers make no model. */
class ModelConfigTest {
    @TempDir
    private Path folder;

    @Test
    void everySecondLayerHasExpertsUnlessItIsNamedDense() throws IOException {
        ModelPlan plan = plan(
                RandomModel.QWEN3_MOE,
                "\"num_hidden_layers\": 2",
                "\"num_hidden_layers\": 6",
                "\"decoder_sparse_step\": 1, \"mlp_only_layers\": [0]",
                "\"decoder_sparse_step\": 2, \"mlp_only_layers\": [3]");
        assertThat(plan.layers())
                .extracting(l -> l.feedForward() instanceof FeedForwardPlan.Experts)
                .containsExactly(false, true, false, false, false, true);
        assertThat(plan.modules(1))
                .extracting(m -> m.module().moduleName())
                .containsExactly("q_proj", "k_proj", "v_proj", "o_proj");
        assertThat(plan.modules(0)).hasSize(7);
    }

    @Test
    void latentAttentionStatesWhatItsMatricesStack() throws IOException {
        ModelPlan plan = plan(RandomModel.MINICPM3);
        assertThat(plan.modules(0))
                .extracting(m -> m.module().moduleName() + " " + m.in() + " " + m.out())
                .containsExactly(
                        "q_a_proj 24 10",
                        "q_b_proj 10 36",
                        "kv_a_proj_with_mqa 24 11",
                        "kv_b_proj 7 42",
                        "o_proj 18 24",
                        "gate_proj 24 40",
                        "up_proj 24 40",
                        "down_proj 40 24");
        assertThat(plan.modules(0).get(2).parts())
                .isEqualTo(List.of(
                        new ModulePlan.Part(Projection.KEY_VALUE_DOWN, 0, 7),
                        new ModulePlan.Part(Projection.ROTARY_KEY, 7, 4)));
    }

    @Test
    void impossibleExpertsAreRefused() {
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(
                        () -> plan(RandomModel.QWEN3_MOE, "\"num_experts_per_tok\": 2", "\"num_experts_per_tok\": 5"))
                .withMessageContaining("5 of 4")
                .withMessageContaining("configuration is broken");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> plan(RandomModel.QWEN3_MOE, "\"moe_intermediate_size\": 12,", ""))
                .withMessageContaining("'moe_intermediate_size' is missing");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(
                        () -> plan(RandomModel.QWEN3_MOE, "\"mlp_only_layers\": [0]", "\"mlp_only_layers\": [\"a\"]"))
                .withMessageContaining("a list of integers");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(
                        () -> plan(RandomModel.QWEN3_MOE, "\"decoder_sparse_step\": 1", "\"decoder_sparse_step\": 0"))
                .withMessageContaining("'decoder_sparse_step'");
    }

    @Test
    void expertsInAFamilyWithoutThemAreRefused() {
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> plan(
                        RandomModel.QWEN3,
                        "\"attention_bias\": false",
                        "\"attention_bias\": false, \"num_experts\": 8"))
                .withMessageContaining("'num_experts'");
    }

    @Test
    void impossibleLatentAttentionIsRefused() {
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> plan(RandomModel.MINICPM3, "\"v_head_dim\": 6", "\"v_head_dim\": 13"))
                .withMessageContaining("value heads of 13");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(
                        () -> plan(RandomModel.MINICPM3, "\"num_key_value_heads\": 3", "\"num_key_value_heads\": 1"))
                .withMessageContaining("impossible latent attention");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(() -> plan(RandomModel.MINICPM3, "\"qk_rope_head_dim\": 4", "\"qk_rope_head_dim\": 3"))
                .withMessageContaining("cannot rotate");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> plan(RandomModel.MINICPM3, "\"kv_lora_rank\": 7", "\"kv_lora_rank\": -1"))
                .withMessageContaining("'kv_lora_rank'");
    }

    /** The plan of a random model whose configuration has each second text in place of the one before. */
    private ModelPlan plan(RandomModel kind, String... replacements) throws IOException {
        Path config = kind.write(folder).resolve("config.json");
        String text = Files.readString(config);
        for (int i = 0; i < replacements.length; i += 2) {
            assertThat(text).contains(replacements[i]);
            text = text.replace(replacements[i], replacements[i + 1]);
        }
        return ModelConfig.read(Files.writeString(config, text)).plan();
    }
}
