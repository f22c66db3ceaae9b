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
        assertThat(adapter.scale()).isEqualTo(2);
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
                        .scale())
                .isEqualTo(4);
    }

    @Test
    void refusesWhatItWouldServeWrongly() throws IOException, URISyntaxException {
        copy("\"use_dora\": false", "\"use_dora\": true");
        assertBroken("'use_dora' is in use");
        copy("\"bias\": \"none\"", "\"bias\": \"all\"");
        assertBroken("'bias' is in use");
        copy("\"rank_pattern\": {}", "\"rank_pattern\": {\"q_proj\": 2}");
        assertBroken("'rank_pattern' is in use");
        copy("\"modules_to_save\": null", "\"modules_to_save\": [\"lm_head\"]");
        assertBroken("'modules_to_save' is in use");
        copy("\"peft_type\": \"LORA\"", "\"peft_type\": \"IA3\"");
        assertBroken("peft_type is 'IA3'");
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
        assertBroken("'../../etc' is unknown");
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
                        .replace("\"bias\": \"none\"", "\"bias\": \"all\"")
                        .replace("\"r\": 4", "\"r\": 8")
                        .replace("\"v_proj\"", "\"w_proj\""));
        assertThatThrownBy(() -> PeftAdapterFolder.read(folder))
                .isInstanceOf(BrokenModelFileException.class)
                .hasMessageContaining("'bias' is in use")
                .hasMessageContaining("'use_dora' is in use")
                .hasMessageContaining("'w_proj' is unknown")
                .hasMessageContaining("layer 0 q_proj has A[4, 64] and B[64, 4], which do not fit r=8")
                .hasMessageContaining("layer 0 v_proj has A")
                .hasMessageContaining("Train the adapter as plain LoRA")
                .hasMessageContaining("Export the adapter again");
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
        writeTensor("mlp.experts.3.gate_proj.lora_A.weight", new float[256]);
        assertBroken("changes experts or their router");
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
