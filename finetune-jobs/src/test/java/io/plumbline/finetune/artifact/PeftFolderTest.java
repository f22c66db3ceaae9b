package io.plumbline.finetune.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.plumbline.finetune.training.TinyModel;
import io.plumbline.inference.model.ModelConfig;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapterFolder;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.SafetensorsType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeftFolderTest {
    private static final LoraConfig CONFIG =
            new LoraConfig(4, 8, false, List.of(LinearModule.Q_PROJ, LinearModule.DOWN_PROJ));

    @TempDir
    private Path folder;

    private ModelPlan plan;

    @BeforeEach
    void writeAnAdapter() throws IOException {
        try (GgufFile file = GgufFile.open(TinyModel.write(folder.resolve("tiny.gguf")))) {
            plan = ModelConfig.of(file).plan();
        }
        PeftFolder.write(folder, CONFIG, "tiny", plan, this::values);
    }

    /** Every element different, so that a row in the wrong place shows. */
    private float[] values(AdapterTensor tensor) {
        ModulePlan module = plan.module(tensor.layer(), tensor.module()).orElseThrow();
        int width = tensor.factor() == AdapterTensor.Factor.A ? module.in() : module.out();
        float[] values = new float[CONFIG.rank() * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + tensor.layer() / 2f;
        }
        return values;
    }

    @Test
    void queryRowsAreStoredInHuggingFaceOrderAsFloat32() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(PeftAdapterFolder.WEIGHTS))) {
            assertThat(file.names()).hasSize(2 * 2 * TinyModel.LAYERS);
            var b = file.require("base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight");
            assertThat(b.type()).isEqualTo(SafetensorsType.F32);
            // The second row of a head in Hugging Face order is its third in interleaved order.
            assertThat(b.toFloats()).startsWith(0, 1, 2, 3, 8, 9, 10, 11);
            assertThat(file.metadata()).isEqualTo(Map.of("format", "pt"));
        }
    }

    @Test
    void onePerParameterValuesComeBackAsTheyWere() throws IOException {
        Path moments = folder.resolve("moments.safetensors");
        PeftFolder.writeTensors(moments, CONFIG, plan, this::values);
        assertThat(moments).hasSameBinaryContentAs(folder.resolve(PeftAdapterFolder.WEIGHTS));
        Map<AdapterTensor, float[]> read = new HashMap<>();
        PeftFolder.readTensors(moments, CONFIG, plan, read::put);
        assertThat(read).hasSize(2 * 2 * TinyModel.LAYERS).allSatisfy((tensor, values) -> assertThat(values)
                .isEqualTo(values(tensor)));
    }

    @Test
    void refusesAnAdapterThatDoesNotChangeEveryLayer() throws IOException {
        Path weights = folder.resolve(PeftAdapterFolder.WEIGHTS);
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>(PeftAdapterFolder.readWeights(weights, _ -> 4));
        layers.remove(new AdapterSite(1, LinearModule.DOWN_PROJ));
        PeftAdapterFolder.writeWeights(weights, layers);
        assertThatThrownBy(() -> PeftFolder.readConfig(folder, plan))
                .isInstanceOf(AdapterFormatException.class)
                .hasMessageContaining("changes %d linear layers", 2 * TinyModel.LAYERS - 1)
                .hasMessageContaining("[q_proj, down_proj] in each of the base model's %d layers", TinyModel.LAYERS);
    }

    @Test
    void refusesTensorsOfOtherModulesThanTheSettings() {
        var other = new LoraConfig(4, 8, false, List.of(LinearModule.Q_PROJ, LinearModule.UP_PROJ));
        assertThatThrownBy(() -> PeftFolder.readWeights(folder, other, plan, (tensor, values) -> {}))
                .isInstanceOf(AdapterFormatException.class)
                .hasMessageContaining("instead of the modules [q_proj, up_proj]");
    }

    @Test
    void refusesAnAdapterOfAnotherBaseModel() throws IOException {
        Path weights = folder.resolve(PeftAdapterFolder.WEIGHTS);
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>(PeftAdapterFolder.readWeights(weights, _ -> 4));
        layers.replaceAll((site, pair) ->
                site.module() == LinearModule.DOWN_PROJ ? new LowRankPair(2, 2, 4, new float[8], new float[8]) : pair);
        PeftAdapterFolder.writeWeights(weights, layers);
        assertThatThrownBy(() -> PeftFolder.readConfig(folder, plan))
                .isInstanceOf(AdapterFormatException.class)
                .hasMessageContaining("layer 0 down_proj maps 2 to 2 features")
                .hasMessageContaining("use the base model it was trained on");
    }

    @Test
    void refusesTensorsOfAnotherRank() {
        var other = new LoraConfig(8, 16, false, CONFIG.modules());
        assertThatThrownBy(() -> PeftFolder.readWeights(folder, other, plan, (tensor, values) -> {}))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("do not fit r=8");
    }
}
