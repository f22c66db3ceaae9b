package io.plumbline.inference.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeftAdapterFolderTest {
    @TempDir
    Path folder;

    private static Path writtenByPeft() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(PeftAdapterFolderTest.class.getResource("/weights/adapter"))
                .toURI());
    }

    /** A copy of the adapter that PEFT wrote, whose config the test may spoil. */
    private Path copy(String setting, String replacement) throws IOException, URISyntaxException {
        Files.copy(
                writtenByPeft().resolve(PeftAdapterFolder.WEIGHTS),
                folder.resolve(PeftAdapterFolder.WEIGHTS),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String config = Files.readString(writtenByPeft().resolve(PeftAdapterFolder.CONFIG));
        String spoiled = config.replace(setting, replacement);
        assertThat(spoiled).isNotEqualTo(config);
        Files.writeString(folder.resolve(PeftAdapterFolder.CONFIG), spoiled);
        return folder;
    }

    private void assertBroken(String fault) {
        assertThatThrownBy(() -> PeftAdapterFolder.read(folder))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining(fault);
    }

    @Test
    void readsAnAdapterWrittenByPeft() throws IOException, URISyntaxException {
        PeftAdapter adapter = PeftAdapterFolder.read(writtenByPeft());
        assertThat(adapter.rank()).isEqualTo(4);
        assertThat(adapter.alpha()).isEqualTo(8);
        assertThat(adapter.scale(new AdapterSite(0, LinearModule.Q_PROJ))).isEqualTo(2);
        assertThat(adapter.baseModel()).isEqualTo("arch/llama-untied");
        assertThat(adapter.targetModules()).containsExactly(LinearModule.Q_PROJ, LinearModule.V_PROJ);
        LowRankPair query = Objects.requireNonNull(adapter.layers().get(new AdapterSite(0, LinearModule.Q_PROJ)));
        assertThat(List.of(query.in(), query.out(), query.rank())).containsExactly(64, 64, 4);
        assertThat(query.a()).hasSize(256).doesNotContain(0f);
    }

    @Test
    void whatItWritesIsWhatItRead() throws IOException, URISyntaxException {
        PeftAdapter adapter = PeftAdapterFolder.read(writtenByPeft());
        Path copy = folder.resolve("new/adapter");
        PeftAdapterFolder.write(copy, adapter);
        PeftAdapter again = PeftAdapterFolder.read(copy);
        assertThat(again).usingRecursiveComparison().isEqualTo(adapter);
        // PEFT itself writes the same bytes: same names, same order, same header.
        assertThat(copy.resolve(PeftAdapterFolder.WEIGHTS))
                .hasSameBinaryContentAs(writtenByPeft().resolve(PeftAdapterFolder.WEIGHTS));
    }

    @Test
    void everySettingItWritesHasTheValueThatPeftWrites() throws IOException, URISyntaxException {
        PeftAdapterFolder.write(folder, PeftAdapterFolder.read(writtenByPeft()));
        var ours = StrictJson.parse(Files.readAllBytes(folder.resolve(PeftAdapterFolder.CONFIG)));
        var theirs = StrictJson.parse(Files.readAllBytes(writtenByPeft().resolve(PeftAdapterFolder.CONFIG)));
        ours.properties().forEach(entry -> {
            if (!entry.getKey().equals("target_modules")) {
                assertThat(entry.getValue()).as(entry.getKey()).isEqualTo(theirs.path(entry.getKey()));
            }
        });
        List<String> modules = new ArrayList<>();
        ours.path("target_modules").forEach(module -> modules.add(module.asText()));
        assertThat(modules).containsExactly("q_proj", "v_proj");
    }

    @Test
    void rankStabilisedScale() throws IOException, URISyntaxException {
        assertThat(PeftAdapterFolder.read(copy("\"use_rslora\": false", "\"use_rslora\": true"))
                        .scale(new AdapterSite(0, LinearModule.Q_PROJ)))
                .isEqualTo(4);
    }

    @Test
    void refusesWhatItWouldServeWrongly() throws IOException, URISyntaxException {
        copy("\"use_dora\": false", "\"use_dora\": true");
        assertBroken("'use_dora' is in use");
        copy("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]");
        assertBroken("'modules_to_save' is in use");
        copy("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"");
        assertBroken("peft_type is \"IA3\"");
    }

    @Test
    void refusesSettingsThatDoNotFitTheWeights() throws IOException, URISyntaxException {
        copy("\"r\": 4", "\"r\": 8");
        assertBroken("which do not fit r=8");
        copy("\"r\": 4", "\"r\": 0");
        assertBroken("r is missing or out of range");
        copy("\"lora_alpha\": 8", "\"lora_alpha\": NaN");
        assertBroken("lora_alpha is missing or out of range");
        copy("\"v_proj\"", "\"k_proj\"");
        assertBroken("v_proj is not among the target_modules");
        copy("\"v_proj\"", "\"../../etc\"");
        assertBroken("layer 0 v_proj is not among the target_modules");
        copy("\"rank_pattern\": {}", "\"rank_pattern\": {\"q_proj\": 2}");
        assertBroken("layer 0 q_proj has A[4, 64] and B[64, 4], which do not fit r=2");
        copy("\"exclude_modules\": null", "\"exclude_modules\": [\"1.self_attn.v_proj\"]");
        assertBroken("layer 1 v_proj is among the exclude_modules");
        copy("\"layers_to_transform\": null", "\"layers_to_transform\": [1]");
        assertBroken("layer 0 v_proj is not in the layers_to_transform");
        copy("\"r\": 4,", "");
        assertBroken("r is missing");
    }

    @Test
    void namesEveryReasonAtOnce() throws IOException, URISyntaxException {
        copy("\"use_dora\": false", "\"use_dora\": true");
        Path config = folder.resolve(PeftAdapterFolder.CONFIG);
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"init_lora_weights\": true", "\"init_lora_weights\": \"pissa\"")
                        .replace("\"use_qalora\": false", "\"use_qalora\": true")
                        .replace("\"r\": 4", "\"r\": 8")
                        .replace("\"v_proj\"", "\"w_proj\""));
        assertThatThrownBy(() -> PeftAdapterFolder.read(folder))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("init_lora_weights is \"pissa\"")
                .hasMessageContaining("'use_dora' is in use")
                .hasMessageContaining("'use_qalora' is in use")
                .hasMessageContaining("layer 0 v_proj is not among the target_modules")
                .hasMessageContaining("layer 0 q_proj has A[4, 64] and B[64, 4], which do not fit r=8")
                .hasMessageContaining("layer 0 v_proj has A")
                .hasMessageContaining("Train the adapter as plain LoRA")
                .hasMessageContaining("Export the adapter again");
    }

    @Test
    void readsRanksAndAlphasByModule() throws IOException {
        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        TreeMap<AdapterSite, Double> alphas = new TreeMap<>();
        for (int layer = 0; layer < 12; layer++) {
            for (LinearModule module : List.of(LinearModule.Q_PROJ, LinearModule.UP_PROJ, LinearModule.DOWN_PROJ)) {
                AdapterSite site = new AdapterSite(layer, module);
                layers.put(site, filled(module == LinearModule.Q_PROJ ? 2 : layer == 1 ? 5 : 3));
                alphas.put(site, module == LinearModule.DOWN_PROJ ? 1.5 : layer == 11 ? 4 : 6.0);
            }
        }
        PeftAdapter adapter = new PeftAdapter("base", 3, 6, true, 0.25, layers, alphas);
        assertThat(adapter.maxRank()).isEqualTo(5);
        assertThat(adapter.scale(new AdapterSite(1, LinearModule.DOWN_PROJ))).isEqualTo((float) (1.5 / Math.sqrt(5)));
        PeftAdapterFolder.write(folder, adapter);
        var config = StrictJson.parse(Files.readAllBytes(folder.resolve(PeftAdapterFolder.CONFIG)));
        assertThat(config.path("rank_pattern").toString())
                .isEqualTo("{\"q_proj\":2,\"model.layers.1.mlp.up_proj\":5,\"model.layers.1.mlp.down_proj\":5}");
        assertThat(config.path("alpha_pattern").toString())
                .isEqualTo("{\"model.layers.11.self_attn.q_proj\":4,\"model.layers.11.mlp.up_proj\":4,"
                        + "\"down_proj\":1.5}");
        assertThat(PeftAdapterFolder.read(folder)).usingRecursiveComparison().isEqualTo(adapter);
    }

    @Test
    void readsAdaptersOfSomeLayersAndOfSingleModules() throws IOException {
        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        layers.put(new AdapterSite(3, LinearModule.Q_PROJ), filled(2));
        layers.put(new AdapterSite(10, LinearModule.Q_PROJ), filled(2));
        PeftAdapter someLayers = new PeftAdapter("base", 2, 6, false, 0, layers);
        PeftAdapterFolder.write(folder, someLayers);
        assertThat(PeftAdapterFolder.read(folder)).usingRecursiveComparison().isEqualTo(someLayers);
        assertThat(Files.readString(folder.resolve(PeftAdapterFolder.CONFIG)))
                .contains("\"layers_to_transform\" : [ 3, 10 ]", "\"target_modules\" : [ \"q_proj\" ]");
        layers.put(new AdapterSite(3, LinearModule.V_PROJ), filled(2));
        PeftAdapter singleModules = new PeftAdapter("base", 2, 6, false, 0, layers);
        PeftAdapterFolder.write(folder, singleModules);
        assertThat(PeftAdapterFolder.read(folder)).usingRecursiveComparison().isEqualTo(singleModules);
        assertThat(Files.readString(folder.resolve(PeftAdapterFolder.CONFIG)))
                .contains("\"model.layers.3.self_attn.v_proj\"", "\"layers_to_transform\" : null");
    }

    /** As EVA writes them: a rank for every module of a large model, by its path. */
    @Test
    void asManyPatternsAsALargeModelHasModulesAreMatched() throws IOException {
        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (int layer = 0; layer < 126; layer++) {
            for (LinearModule module : LinearModule.values()) {
                layers.put(new AdapterSite(layer, module), filled(2 + (layer + module.ordinal()) % 3));
            }
        }
        PeftAdapter adapter = new PeftAdapter("base", 1, 2, false, 0, layers);
        PeftAdapterFolder.write(folder, adapter);
        assertThat(Files.readString(folder.resolve(PeftAdapterFolder.CONFIG)))
                .contains("\"model.layers.125.mlp.down_proj\" : ");
        assertThat(PeftAdapterFolder.read(folder)).usingRecursiveComparison().isEqualTo(adapter);
    }

    private static LowRankPair filled(int rank) {
        float[] values = new float[rank * 4];
        java.util.Arrays.fill(values, rank);
        return new LowRankPair(4, 4, rank, values, values);
    }

    @Test
    void namesWhatElseTheFileHolds() throws IOException, URISyntaxException {
        copy("\"bias\": \"none\"", "\"bias\": \"lora_only\"");
        assertThat(PeftAdapterFolder.read(folder).rank()).isEqualTo(4); // no bias was there to be trained
        writeWeights("base_layer.bias", new float[256]);
        assertBroken("is a trained bias");
        writeWeights("lora_magnitude_vector.weight", new float[256]);
        assertBroken("belongs to DoRA");
    }

    @Test
    void refusesBrokenWeights() throws IOException, URISyntaxException {
        copy("\"revision\": null,", "");
        PeftAdapter adapter = PeftAdapterFolder.read(folder);
        writeWeights("lora_A.weight", new float[256]);
        assertBroken("has lora_A but no lora_B");
        writeWeights("lora_B.weight", new float[256]);
        assertBroken("has lora_B but no lora_A");
        writeWeights("../../../x", new float[256]);
        assertBroken("is none of a LoRA adapter");
        // Experts one by one, as stacks (two names), and the router: what PEFT has written in its versions.
        for (String module : List.of("experts.3.gate_proj", "experts", "experts.base_layer", "gate")) {
            writeTensor("mlp." + module + ".lora_A.weight", new float[256]);
            assertBroken("changes experts or their router");
        }
        Files.write(folder.resolve(PeftAdapterFolder.WEIGHTS), new byte[100]);
        assertBroken("no complete safetensors file");

        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>(adapter.layers());
        LowRankPair diverged = layers.firstEntry().getValue();
        diverged.b()[7] = Float.NaN;
        PeftAdapterFolder.write(folder, new PeftAdapter("x", 4, 8, false, 0, layers));
        assertBroken("layer 0 q_proj contains NaN");
    }

    private void writeWeights(String end, float[] values) throws IOException {
        writeTensor("self_attn.q_proj." + end, values);
    }

    private void writeTensor(String path, float[] values) throws IOException {
        SafetensorsWriter.write(
                folder.resolve(PeftAdapterFolder.WEIGHTS),
                Map.of(),
                List.of(SafetensorsTensor.ofFloats(
                        "base_model.model.model.layers.0." + path, List.of(4L, 64L), values)));
    }

    @Test
    void namesTheMissingFileAndFollowsNoLinks() throws IOException, URISyntaxException {
        assertBroken("has no file adapter_config.json");
        copy("\"revision\": null,", "");
        Path outside = Files.move(folder.resolve(PeftAdapterFolder.WEIGHTS), folder.resolve("elsewhere"));
        assertBroken("has no file adapter_model.safetensors");
        Files.createSymbolicLink(folder.resolve(PeftAdapterFolder.WEIGHTS), outside);
        assertBroken("symbolic link");
    }

    @Test
    void movesRowsOfQueryAndKeyOnly() {
        float[] b = {0, 1, 2, 3};
        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (LinearModule module : LinearModule.values()) {
            layers.put(new AdapterSite(0, module), new LowRankPair(1, 4, 1, new float[] {9}, b));
        }
        PeftAdapter adapter = new PeftAdapter("base", 1, 1, false, 0, layers);
        PeftAdapter moved = adapter.toInterleaved(1, 2);
        assertThat(factor(moved, LinearModule.Q_PROJ)).containsExactly(0, 2, 1, 3);
        assertThat(factor(moved, LinearModule.K_PROJ)).containsExactly(0, 1, 2, 3);
        assertThat(factor(moved, LinearModule.V_PROJ)).containsExactly(0, 1, 2, 3);
        assertThat(moved.toHalves(1, 2)).usingRecursiveComparison().isEqualTo(adapter);
    }

    private static float[] factor(PeftAdapter adapter, LinearModule module) {
        return Objects.requireNonNull(adapter.layers().get(new AdapterSite(0, module)))
                .b();
    }
}
