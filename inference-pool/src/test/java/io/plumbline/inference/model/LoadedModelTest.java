package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.GgufTensor;
import io.plumbline.inference.weights.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadedModelTest {
    @TempDir
    Path folder;

    @Test
    void refusesAnUnknownArchitectureByNameAndTellsWhichAreKnown() throws IOException {
        copyModel("\"model_type\": \"llama\"", "\"model_type\": \"mamba\"");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::open)
                .withMessageContaining("'mamba' is not supported")
                .withMessageContaining("gemma3, llama, minicpm, minicpm3, mistral, phi3, qwen2, qwen3, qwen3moe");
    }

    @Test
    void listsEveryReasonAtOnce() throws IOException {
        copyModel("\"hidden_act\": \"silu\"", "\"hidden_act\": \"relu\", \"final_logit_softcapping\": 30.0");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::open)
                .satisfies(e -> assertThat(e.reasons()).hasSize(2))
                .withMessageContaining("relu")
                .withMessageContaining("final_logit_softcapping");
    }

    @Test
    void refusesUnknownRopeScaling() throws IOException {
        copyModel("\"rope_scaling\": null", "\"rope_scaling\": {\"rope_type\": \"yarn\", \"factor\": 4.0}");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::open)
                .withMessageContaining("'yarn'");
    }

    @Test
    void refusesTensorsThatThePlanDoesNotKnow() throws IOException {
        copyModel("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 2");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::open)
                .withMessageContaining("9 tensors")
                .withMessageContaining("model.layers.2.");
    }

    @Test
    void tellsWhichTensorIsMissing() throws IOException {
        copyModel("\"num_hidden_layers\": 3", "\"num_hidden_layers\": 4");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(this::open)
                .withMessageContaining("model.layers.3.");
    }

    @Test
    void tellsWhichShapeIsWrong() throws IOException {
        copyModel("\"intermediate_size\": 160", "\"intermediate_size\": 128");
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(this::open)
                .withMessageContaining("gate_proj.weight' has shape [160, 64]")
                .withMessageContaining("[128, 64]");
    }

    /** Block formats are for matrices; a norm in one is named with its format and what to do. */
    @Test
    void refusesANormInABlockFormat() throws IOException {
        Path file = folder.resolve("norm.gguf");
        try (GgufFile source = GgufFile.open(TestModels.path("llama-untied.F32.gguf"))) {
            List<GgufTensor> tensors = new ArrayList<>();
            for (ExportedTensor tensor : GgufExport.unchanged(source)) {
                QuantFormat format = tensor.name().equals("blk.1.ffn_norm.weight") ? QuantFormat.Q8_0 : QuantFormat.F32;
                float[] values = tensor.floatRows(0, tensor.rows());
                tensors.add(new GgufTensor(
                        tensor.name(),
                        format,
                        tensor.dimensions(),
                        sink -> sink.accept(Quantizer.quantize(format, values, 0, values.length))));
            }
            GgufWriter.write(file, source.metadata().values(), tensors, _ -> {});
        }
        try (Backend backend = TestModels.reference()) {
            assertThatExceptionOfType(BrokenModelFileException.class)
                    .isThrownBy(() -> LoadedModel.open(file, backend).close())
                    .withMessageContaining("'blk.1.ffn_norm.weight' is stored as Q8_0 where plain floats belong")
                    .withMessageContaining("convert the model again");
        }
    }

    @Test
    void tellsWhenHeadsMakeNoSense() throws IOException {
        copyModel("\"num_key_value_heads\": 2", "\"num_key_value_heads\": 3");
        assertThatExceptionOfType(UnsupportedModelException.class)
                .isThrownBy(this::open)
                .withMessageContaining("heads=4 keyValueHeads=3");
    }

    @Test
    void aTruncatedFileIsToldAndReleased() throws IOException {
        byte[] bytes = Files.readAllBytes(TestModels.path("llama-untied.Q8_0.gguf"));
        Path file = folder.resolve("cut.gguf");
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        try (Backend backend = TestModels.reference()) {
            assertThatExceptionOfType(BrokenModelFileException.class)
                    .isThrownBy(() -> LoadedModel.open(file, backend).close())
                    .withMessageContaining("cut.gguf");
            assertThat(backend.memory().bytesInUse()).isZero();
        }
    }

    @Test
    void closingGivesAllMemoryBack() {
        try (Backend backend = TestModels.reference()) {
            LoadedModel model = TestModels.open("gemma3-p6.Q8_0.gguf", backend);
            assertThat(backend.memory().bytesInUse()).isPositive();
            model.close();
            assertThat(backend.memory().bytesInUse()).isZero();
        }
    }

    private void copyModel(String from, String to) throws IOException {
        Path original = TestModels.path("llama-untied");
        String config = Files.readString(original.resolve("config.json"));
        assertThat(config).contains(from);
        Files.writeString(folder.resolve("config.json"), config.replace(from, to));
        Files.copy(original.resolve("model.safetensors"), folder.resolve("model.safetensors"));
    }

    private void open() throws IOException {
        try (Backend backend = TestModels.reference()) {
            LoadedModel.open(folder, backend).close();
        }
    }
}
