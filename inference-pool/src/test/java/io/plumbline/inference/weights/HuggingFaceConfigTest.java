package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceConfigTest {
    private static HuggingFaceConfig read(String name) throws IOException, URISyntaxException {
        return HuggingFaceConfig.read(
                Path.of(Objects.requireNonNull(HuggingFaceConfigTest.class.getResource("/weights/" + name))
                        .toURI()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3-config.json", "llama3-config.v5.json"})
    void bothKeyStylesStateTheSameLlama(String name) throws IOException, URISyntaxException {
        HuggingFaceConfig config = read(name);
        assertThat(config.modelType()).isEqualTo("llama");
        assertThat(config.dtype()).contains("float32");
        assertThat(config.requireCount("hidden_size")).isEqualTo(64);
        assertThat(config.requireReal("rms_norm_eps")).isEqualTo(1e-5);
        assertThat(config.eosTokenIds()).containsExactly(2);
        assertThat(config.rope())
                .isEqualTo(new RopeSettings(
                        500_000,
                        "llama3",
                        Map.of(
                                "factor",
                                8.0,
                                "low_freq_factor",
                                1.0,
                                "high_freq_factor",
                                4.0,
                                "original_max_position_embeddings",
                                64.0)));
        assertThat(config.slidingRope()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gemma3-config.json", "gemma3-config.v5.json"})
    void bothKeyStylesStateTheSameGemma(String name) throws IOException, URISyntaxException {
        HuggingFaceConfig config = read(name);
        assertThat(config.rope()).isEqualTo(new RopeSettings(1_000_000, "default", Map.of()));
        assertThat(config.slidingRope()).contains(new RopeSettings(10_000, "default", Map.of()));
        assertThat(config.texts("layer_types").orElseThrow()).hasSize(7).contains("full_attention");
        assertThat(config.real("final_logit_softcapping")).isEmpty();
    }

    @Test
    void saysWhatIsWrong(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, "{\"hidden_size\": \"many\", \"layers\": 0");
        assertThatThrownBy(() -> HuggingFaceConfig.read(file))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("no valid JSON");
        Files.writeString(file, "{\"hidden_size\": \"many\", \"layers\": 0}");
        HuggingFaceConfig config = HuggingFaceConfig.read(file);
        assertThatThrownBy(() -> config.requireCount("hidden_size"))
                .hasMessageContaining("'hidden_size' should be an integer");
        assertThatThrownBy(() -> config.requireCount("layers")).hasMessageContaining("at least 1");
        assertThatThrownBy(config::modelType).hasMessageContaining("'model_type' is missing");
    }
}
