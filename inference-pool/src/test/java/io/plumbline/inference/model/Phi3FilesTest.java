package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.LoraAdapter;
import io.plumbline.inference.lora.AdapterFit;
import io.plumbline.inference.lora.ResidentAdapter;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.GgufBuilder;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.SafetensorsFile;
import io.plumbline.inference.weights.WeightTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Phi-3's stacked matrices: from GGUF files as from safetensors, and under adapters. */
class Phi3FilesTest {
    private static final int TEXT = 8;
    private static final int UINT32 = 4;
    private static final int FLOAT32 = 6;
    private static final int[] TOKENS = {5, 17, 90, 3, 200, 201, 44, 8, 8, 150};

    @TempDir
    private Path folder;

    @Test
    void aGgufFileGivesTheSameLogitsAsItsSafetensors() throws IOException {
        Path gguf = Files.write(folder.resolve("phi3.gguf"), gguf(512, Map.of()));
        try (Backend backend = TestModels.reference();
                LoadedModel original = TestModels.open("phi3", backend);
                LoadedModel converted = LoadedModel.open(gguf, backend)) {
            AdapterRows plain = AdapterRows.none(TOKENS.length);
            assertThat(ForwardPassTest.training(converted, TOKENS, plain, 3))
                    .containsExactly(ForwardPassTest.training(original, TOKENS, plain, 3));
            assertThat(converted.plan().layers().getFirst().attention().window())
                    .isZero();
        }
    }

    @Test
    void longRopeOfGgufFilesIsInTensors() throws IOException {
        float[] longFactors = {1, 2, 3, 4, 5, 6, 7, 8};
        byte[] file =
                gguf(128, Map.of("rope_factors_long.weight", longFactors, "rope_factors_short.weight", new float[] {
                    1, 1, 1, 1, 1, 1, 1, 1
                }));
        try (Backend backend = TestModels.reference();
                LoadedModel model = LoadedModel.open(Files.write(folder.resolve("long.gguf"), file), backend)) {
            assertThat(model.config().rope().scaling())
                    .isEqualTo(new RopeScaling.LongRope(
                            List.of(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), Math.sqrt(9 / 7.0)));
        }
    }

    /** One A for three projections, and B cut by rows: the same as W + scale · B·A in the stacked matrix. */
    @Test
    void anAdapterOfAStackedModuleChangesEveryPart() throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open("phi3", backend)) {
            PeftAdapter adapter = adapter(model.plan());
            assertThat(AdapterFit.misfits(adapter, model.plan(), 8)).isEmpty();
            try (ResidentAdapter resident = ResidentAdapter.upload(adapter, model.plan(), backend.memory())) {
                AdapterRows rows = AdapterRows.all(TOKENS.length, resident.weights());
                LoraAdapter key = resident.weights().find(1, Projection.KEY);
                assertThat(key).isNotNull();
                assertThat(resident.weights().find(1, Projection.OUTPUT)).isNull();
                try (LoadedModel merged = LoadedModel.open(merged(adapter), backend)) {
                    assertThat(ForwardPassTest.training(model, TOKENS, rows, 3))
                            .usingComparatorWithPrecision(1e-4f)
                            .containsExactly(
                                    ForwardPassTest.training(merged, TOKENS, AdapterRows.none(TOKENS.length), 3));
                }
            }
        }
    }

    @Test
    void anAdapterForSeparateMatricesIsToldWhichThereAre() throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open("phi3", backend)) {
            TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
            layers.put(
                    new AdapterSite(0, LinearModule.Q_PROJ), new LowRankPair(64, 64, 1, new float[64], new float[64]));
            assertThat(AdapterFit.misfits(new PeftAdapter("x", 1, 1, false, 0, layers), model.plan(), 8))
                    .singleElement()
                    .asString()
                    .contains("layer 0 q_proj")
                    .contains("qkv_proj, o_proj, gate_up_proj, down_proj");
        }
    }

    private static PeftAdapter adapter(ModelPlan plan) {
        var random = new Random(4);
        TreeMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (LinearModule name : List.of(LinearModule.QKV_PROJ, LinearModule.GATE_UP_PROJ)) {
                ModulePlan module = plan.module(layer, name).orElseThrow();
                float[] a = values(random, 2 * module.in());
                float[] b = values(random, module.out() * 2);
                layers.put(new AdapterSite(layer, name), new LowRankPair(module.in(), module.out(), 2, a, b));
            }
        }
        return new PeftAdapter("x", 2, 4, false, 0, layers);
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.1 * random.nextGaussian());
        }
        return values;
    }

    /** The model with W + scale · B·A in place of W. */
    private Path merged(PeftAdapter adapter) throws IOException {
        Path original = TestModels.path("phi3");
        Files.copy(original.resolve("config.json"), folder.resolve("config.json"));
        byte[] bytes = Files.readAllBytes(original.resolve("model.safetensors"));
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = 8 + (int) file.getLong(0);
        String json = new String(bytes, 8, header - 8, StandardCharsets.UTF_8);
        adapter.layers().forEach((site, pair) -> {
            int at = json.indexOf("model.layers.%d.%s.weight"
                    .formatted(site.layer(), site.module().path()));
            int offsets = json.indexOf("\"data_offsets\"", at);
            int start = header
                    + Integer.parseInt(json.substring(json.indexOf('[', offsets) + 1, json.indexOf(',', offsets)));
            for (int row = 0; row < pair.out(); row++) {
                for (int column = 0; column < pair.in(); column++) {
                    float delta = 0;
                    for (int r = 0; r < pair.rank(); r++) {
                        delta += pair.b()[row * pair.rank() + r] * pair.a()[r * pair.in() + column];
                    }
                    int element = start + Float.BYTES * (row * pair.in() + column);
                    file.putFloat(element, file.getFloat(element) + adapter.scale(site) * delta);
                }
            }
        });
        Files.write(folder.resolve("model.safetensors"), bytes);
        return folder;
    }

    /** The tiny model under llama.cpp's names, with further tensors. */
    private static byte[] gguf(int originalContext, Map<String, float[]> more) throws IOException {
        GgufBuilder builder = new GgufBuilder();
        builder.rawEntry("general.architecture", TEXT, text("phi3"));
        Map<String, Integer> counts = new TreeMap<>(Map.of(
                "context_length", 512,
                "embedding_length", 64,
                "block_count", 2,
                "feed_forward_length", 160,
                "attention.head_count", 4,
                "attention.head_count_kv", 4,
                "attention.sliding_window", 0,
                "rope.dimension_count", 16,
                "rope.scaling.original_context_length", originalContext));
        counts.forEach((key, value) ->
                builder.rawEntry("phi3." + key, UINT32, bytes(4).putInt(value).array()));
        builder.rawEntry(
                "phi3.attention.layer_norm_rms_epsilon",
                FLOAT32,
                bytes(4).putFloat(1e-5f).array());
        List<byte[]> data = new ArrayList<>();
        int[] offset = {0};
        try (SafetensorsFile file = SafetensorsFile.open(TestModels.path("phi3").resolve("model.safetensors"))) {
            for (String name : file.names()) {
                WeightTensor tensor = file.tensor(name);
                long[] dimensions = tensor.dimensions().reversed().stream()
                        .mapToLong(Long::longValue)
                        .toArray();
                append(builder, ggufName(name), tensor.data().toArray(ValueLayout.JAVA_BYTE), offset, data, dimensions);
            }
        }
        more.forEach((name, values) -> {
            ByteBuffer buffer = bytes(values.length * Float.BYTES);
            for (float value : values) {
                buffer.putFloat(value);
            }
            append(builder, name, buffer.array(), offset, data, values.length);
        });
        return builder.data(GgufBuilder.concat(data)).build();
    }

    private static void append(
            GgufBuilder builder, String name, byte[] bytes, int[] offset, List<byte[]> data, long... dimensions) {
        builder.tensor(name, 0, offset[0], dimensions);
        data.add(bytes);
        offset[0] += bytes.length;
    }

    private static String ggufName(String name) {
        return name.replace("model.embed_tokens", "token_embd")
                .replace("lm_head", "output")
                .replace("model.norm", "output_norm")
                .replace("model.layers.", "blk.")
                .replace("input_layernorm", "attn_norm")
                .replace("post_attention_layernorm", "ffn_norm")
                .replace("self_attn.qkv_proj", "attn_qkv")
                .replace("self_attn.o_proj", "attn_output")
                .replace("mlp.gate_up_proj", "ffn_up")
                .replace("mlp.down_proj", "ffn_down");
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes(Long.BYTES + bytes.length).putLong(bytes.length).put(bytes).array();
    }
}
