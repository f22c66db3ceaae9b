package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.artifact.AdapterTensor;
import io.plumbline.finetune.artifact.AdapterTensor.Factor;
import io.plumbline.finetune.artifact.LoraConfig;
import io.plumbline.finetune.artifact.PeftFolder;
import io.plumbline.finetune.training.TrainableAdapter.Content;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.weights.LinearModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdapterInitTest {
    private static final AdapterTensor QUERY_A = new AdapterTensor(0, LinearModule.Q_PROJ, Factor.A);
    private static final AdapterTensor QUERY_B = new AdapterTensor(0, LinearModule.Q_PROJ, Factor.B);

    @TempDir
    private Path folder;

    @Test
    void aIsUniformWithinOneOverRootOfInputsAndBIsZero() throws IOException {
        withAdapter(List.of(LinearModule.Q_PROJ, LinearModule.DOWN_PROJ), 1, (model, adapter) -> {
            double bound = 1 / Math.sqrt(TinyModel.HIDDEN);
            float[] a = adapter.read(Content.PARAMETERS, QUERY_A);
            double squares = 0;
            for (float value : a) {
                assertThat((double) value).isBetween(-bound, bound);
                squares += value * value;
            }
            // variance of a uniform distribution: bound²/3
            assertThat(squares / a.length / (bound * bound / 3)).isBetween(0.7, 1.3);
            assertThat(adapter.read(Content.PARAMETERS, QUERY_B)).containsOnly(0);
        });
    }

    @Test
    void aTensorDependsOnSeedAndPlaceNotOnWhichOthersAreTrained() throws IOException {
        float[][] values = new float[3][];
        withAdapter(List.of(LinearModule.Q_PROJ), 1, (m, a) -> values[0] = a.read(Content.PARAMETERS, QUERY_A));
        withAdapter(
                List.of(LinearModule.GATE_PROJ, LinearModule.Q_PROJ),
                1,
                (m, a) -> values[1] = a.read(Content.PARAMETERS, QUERY_A));
        withAdapter(List.of(LinearModule.Q_PROJ), 2, (m, a) -> values[2] = a.read(Content.PARAMETERS, QUERY_A));
        assertThat(values[1]).isEqualTo(values[0]);
        assertThat(values[2]).isNotEqualTo(values[0]);
    }

    @Test
    void anAdapterComesBackFromItsFolderAsItWas() throws IOException {
        withAdapter(List.of(LinearModule.Q_PROJ, LinearModule.K_PROJ, LinearModule.UP_PROJ), 3, (model, adapter) -> {
            float[] b = new float[adapter.elements(QUERY_B)];
            for (int i = 0; i < b.length; i++) {
                b[i] = i;
            }
            adapter.write(Content.PARAMETERS, QUERY_B, b);
            LoraConfig config = new LoraConfig(
                    4, 8, false, List.of(LinearModule.Q_PROJ, LinearModule.K_PROJ, LinearModule.UP_PROJ));
            PeftFolder.write(folder, config, "tiny", model.plan(), t -> adapter.read(Content.PARAMETERS, t));
            assertThat(PeftFolder.readConfig(folder, model.plan())).isEqualTo(config);
            PeftFolder.readWeights(folder, config, model.plan(), (tensor, values) -> assertThat(values)
                    .isEqualTo(adapter.read(Content.PARAMETERS, tensor)));
        });
    }

    private interface Check {
        void accept(LoadedModel model, TrainableAdapter adapter) throws IOException;
    }

    private void withAdapter(List<LinearModule> modules, long seed, Check check) throws IOException {
        Path file = TinyModel.write(folder.resolve("tiny.gguf"));
        LoraConfig config = new LoraConfig(4, 8, false, modules);
        try (Backend backend = Backends.open("reference", new BackendOptions(1));
                LoadedModel model = LoadedModel.open(file, backend);
                TrainableAdapter adapter = new TrainableAdapter(model.plan(), config, backend)) {
            AdapterInit.fill(adapter, config, seed);
            check.accept(model, adapter);
        }
    }
}
