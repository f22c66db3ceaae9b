package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.GgufTensor;
import io.plumbline.inference.weights.GgufWriter;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model written as GGUF computes what the model in Hugging Face layout computes. */
class GgufExportTest {
    private static final int[] TOKENS = {3, 17, 1, 40, 9, 9, 22, 5, 31, 0, 47};

    @TempDir
    Path folder;

    private Path gguf() throws IOException {
        Path target = folder.resolve("model.gguf");
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            GgufExport export = GgufExport.of(folder.resolve("config.json"), file);
            List<GgufTensor> tensors = new ArrayList<>();
            for (ExportedTensor tensor : export.tensors()) {
                float[] values = tensor.floatRows(0, tensor.rows());
                tensors.add(new GgufTensor(
                        tensor.name(),
                        QuantFormat.F32,
                        tensor.dimensions(),
                        sink -> sink.accept(Quantizer.quantize(QuantFormat.F32, values, 0, values.length))));
            }
            GgufWriter.write(target, export.metadata(), tensors, draft -> {
                try (GgufFile written = GgufFile.open(draft)) {
                    export.requireSame(ModelConfig.of(written));
                }
            });
        }
        return target;
    }

    private static float[] logits(Path model) throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel loaded = LoadedModel.open(model, backend);
                SingleSequence sequence = new SingleSequence(loaded, TOKENS.length, null)) {
            int vocabulary = loaded.plan().vocabulary();
            float[] all = new float[TOKENS.length * vocabulary];
            sequence.append(
                    TOKENS, (position, row) -> System.arraycopy(row, 0, all, position * vocabulary, vocabulary));
            return all;
        }
    }

    private void assertSameLogits() throws IOException {
        float[] wanted = logits(folder);
        float[] found = logits(gguf());
        assertThat(found).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(found[i]).as("logit %d", i).isCloseTo(wanted[i], within(1e-4f));
        }
    }

    private void replace(String setting, String other) throws IOException {
        Path config = folder.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(setting);
        Files.writeString(config, text.replace(setting, other));
    }

    @ParameterizedTest
    @EnumSource
    void logitsAreTheSame(RandomModel model) throws IOException {
        model.write(folder);
        assertSameLogits();
    }

    @Test
    void llama3ScalingBecomesDivisors() throws IOException {
        RandomModel.LLAMA.write(folder);
        replace("\"rope_scaling\": null", """
                "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                 "high_freq_factor": 4.0, "original_max_position_embeddings": 8}""");
        assertSameLogits();
        try (GgufFile written = GgufFile.open(folder.resolve("model.gguf"))) {
            assertThat(written.names()).contains("rope_freqs.weight");
        }
    }

    @Test
    void linearScalingAndAMistralWindowHaveKeys() throws IOException {
        RandomModel.LLAMA.write(folder);
        replace("\"model_type\": \"llama\"", "\"model_type\": \"mistral\", \"sliding_window\": 4");
        replace("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"linear\", \"factor\": 2.0}");
        assertSameLogits();
        try (GgufFile written = GgufFile.open(folder.resolve("model.gguf"))) {
            assertThat(written.metadata().architecture()).isEqualTo("mistral");
        }
    }

    @Test
    void aMistralModelWithoutAWindowIsALlamaModel() throws IOException {
        RandomModel.LLAMA.write(folder);
        replace("\"model_type\": \"llama\"", "\"model_type\": \"mistral\", \"sliding_window\": null");
        assertSameLogits();
        try (GgufFile written = GgufFile.open(folder.resolve("model.gguf"))) {
            assertThat(written.metadata().architecture()).isEqualTo("llama");
        }
    }

    @Test
    void longRopeBecomesTwoListsOfDivisors() throws IOException {
        RandomModel.PHI3.write(folder);
        replace("\"rope_scaling\": null", """
                "original_max_position_embeddings": 16, "rope_scaling": {"type": "longrope",
                 "short_factor": [1.0, 1.1], "long_factor": [1.5, 4.1]}""");
        assertSameLogits();
        try (GgufFile written = GgufFile.open(folder.resolve("model.gguf"))) {
            assertThat(written.tensor("rope_factors_short.weight").toFloats()).containsExactly(1, 1.1f);
            assertThat(written.tensor("rope_factors_long.weight").toFloats()).containsExactly(1.5f, 4.1f);
        }
    }

    @Test
    void whatGgufCannotHoldIsRefused() throws IOException {
        RandomModel.GEMMA3.write(folder);
        replace("\"query_pre_attn_scalar\": 8", "\"query_pre_attn_scalar\": 24");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::gguf)
                .withMessageContaining("keep it in Hugging Face layout");
        assertThat(folder.resolve("model.gguf")).doesNotExist();
    }

    @Test
    void tensorsWithoutAPlaceAreRefused() throws IOException {
        RandomModel.LLAMA.write(folder);
        replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::gguf)
                .withMessageContaining("9 of its tensors")
                .withMessageContaining("model.layers.1.");
    }
}
