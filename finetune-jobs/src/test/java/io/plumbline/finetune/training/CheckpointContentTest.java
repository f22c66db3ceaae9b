package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.finetune.artifact.AdapterTensor;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.training.TrainableAdapter.Content;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.weights.LinearModule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointContentTest {
    private static final LoraConfig CONFIG = new LoraConfig(
            4,
            8,
            false,
            List.of(
                    LinearModule.Q_PROJ,
                    LinearModule.K_PROJ,
                    LinearModule.V_PROJ,
                    LinearModule.O_PROJ,
                    LinearModule.GATE_PROJ,
                    LinearModule.UP_PROJ,
                    LinearModule.DOWN_PROJ));
    private static final CheckpointState STATE =
            new CheckpointState(3, "digest", "reference", 5, 1.5, Optional.empty());
    private static final List<Content> STORED =
            List.of(Content.PARAMETERS, Content.FIRST_MOMENTS, Content.SECOND_MOMENTS);

    @TempDir
    private Path folder;

    private interface Check {
        void accept(CheckpointContent content, TrainableAdapter written, TrainableAdapter empty) throws IOException;
    }

    private void withCheckpoint(Check check) throws IOException {
        Path file = TinyModel.write(folder.resolve("tiny.gguf"));
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(file, backend);
                TrainableAdapter written = new TrainableAdapter(model.plan(), CONFIG, backend);
                TrainableAdapter empty = new TrainableAdapter(model.plan(), CONFIG, backend)) {
            fill(written);
            var content = new CheckpointContent(model.plan(), CONFIG, "tiny");
            content.write(folder, written, STATE);
            check.accept(content, written, empty);
        }
    }

    private static void fill(TrainableAdapter adapter) {
        Random random = new Random(7);
        for (AdapterTensor tensor : adapter.tensors()) {
            for (Content part : STORED) {
                float[] values = new float[adapter.elements(tensor)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = random.nextFloat();
                }
                adapter.write(part, tensor, values);
            }
        }
    }

    @Test
    void parametersAndMomentsComeBackBitByBit() throws IOException {
        withCheckpoint((content, written, empty) -> {
            content.read(folder, empty);
            for (AdapterTensor tensor : written.tensors()) {
                for (Content part : STORED) {
                    assertThat(empty.read(part, tensor)).isEqualTo(written.read(part, tensor));
                }
            }
            assertThat(CheckpointContent.readState(folder)).isEqualTo(STATE);
        });
    }

    @Test
    void aDamagedFileIsToldWithTheWayOn() throws IOException {
        withCheckpoint((content, written, empty) -> {
            Files.write(folder.resolve("moments_second.safetensors"), new byte[100]);
            assertThatThrownBy(() -> content.read(folder, empty))
                    .isInstanceOf(TrainingException.class)
                    .hasMessageContaining("is damaged")
                    .hasMessageContaining("moments_second.safetensors")
                    .hasMessageContaining("delete that folder to go on from the one before");
        });
    }
}
