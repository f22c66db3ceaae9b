package io.plumbline.inference.lora;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.FileMutations;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged adapter folders end in a refusal that says why, or in an adapter that computes something; never in a crash, a
 * hang, another exception or an allocation that the files do not justify. {@code -Dfuzz.files=N} sets the number of
 * folders of each kind.
 */
class AdapterFolderFuzzTest {
    private static final int FOLDERS = Integer.getInteger("fuzz.files", 5_000);

    /** Java heap that reading and running an adapter of some 30 kB may take, garbage included. */
    private static final long MOST_BYTES = 16L << 20;

    private static final int MOST_RANK = 64;
    private static final int[] TOKENS = {5, 77};

    /** What stands where the target modules and the ranks by module stood. */
    private static final List<String> SETTINGS = List.of(
            "\"target_modules\": \".*\\\\.(q|v|up)_proj\", \"rank_pattern\": {\"v_proj\": 2, \"1.mlp.up_proj\": 5}",
            "\"target_modules\": [\"self_attn.q_proj\", \"v_proj\", \"model.layers.0.mlp.up_proj\", \"up_proj\"],"
                    + " \"rank_pattern\": {\"(self_attn)\\\\.v_proj\": 2, \"^model\\\\.layers\\\\.[1-3]\\\\.mlp.*\": 5}",
            "\"target_modules\": [\"q_proj\", \"v_proj\", \"up_proj\"], \"layers_to_transform\": [0, 1],"
                    + " \"layers_pattern\": \"layers\", \"rank_pattern\": {\"v_proj\": 2,"
                    + " \"model.layers.1.mlp.up_proj\": 5}",
            "\"target_modules\": \"all-linear\", \"exclude_modules\": \".*lm_head\", \"rank_pattern\":"
                    + " {\"(?!.*mlp)(?=.*v_).*\": 2, \".*\\\\b1\\\\b\\\\.mlp.*\": 5}");

    private static final String PATTERN_CHARACTERS = "(((()))).**+?{}[]|||^$\\\\dwbB0919qvup_proj:=!<";

    /** Names that lead out of a folder, name no layer, or another model's. */
    private static final List<String> NAMES = List.of(
            "../../../../etc/passwd",
            "base_model.model.model.layers.99.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.9999999999.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.00.self_attn.q_proj.lora_A.weight",
            "base_model.model.layers.0.self_attn.q_proj.lora_A.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_A.default.weight",
            "base_model.model.model.layers.0.mlp.q_proj.lora_A.weight",
            "base_model.model.model.layers.0.self_attn.qkv_proj.lora_A.weight",
            "base_model.model.lm_head.lora_A.weight",
            "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
            "\\u0000",
            "__metadata__");

    private final Backend backend = Backends.open(Backends.AUTO, new BackendOptions(2));

    @TempDir
    Path folder;

    private Path adapterFolder;
    private LoadedModel model;
    private byte[] weights;
    private String config;
    private int accepted;
    private int refused;
    private int misfits;

    @BeforeEach
    void writeAdapter() throws IOException {
        model = LoadedModel.open(TestModels.path("llama-untied.F32.gguf"), backend);
        adapterFolder = folder.resolve("adapter");
        PeftAdapterFolder.write(adapterFolder, adapter(model.plan()));
        weights = Files.readAllBytes(adapterFolder.resolve(PeftAdapterFolder.WEIGHTS));
        config = Files.readString(adapterFolder.resolve(PeftAdapterFolder.CONFIG));
    }

    @AfterEach
    void close() {
        model.close();
        backend.close();
    }

    private static PeftAdapter adapter(ModelPlan plan) {
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (int layer = 0; layer < 2; layer++) {
            for (LinearModule name : List.of(LinearModule.Q_PROJ, LinearModule.V_PROJ, LinearModule.UP_PROJ)) {
                var module = plan.module(layer, name).orElseThrow();
                int rank = name == LinearModule.V_PROJ ? 2 : layer == 1 && name == LinearModule.UP_PROJ ? 5 : 4;
                layers.put(
                        new AdapterSite(layer, name),
                        new LowRankPair(
                                module.in(),
                                module.out(),
                                rank,
                                new float[rank * module.in()],
                                new float[rank * module.out()]));
            }
        }
        return new PeftAdapter("base", 4, 8, false, 0, layers);
    }

    @Test
    void damagedWeightsAreRefusedOrRun() throws IOException {
        for (int seed = 0; seed < FOLDERS; seed++) {
            Random random = new Random(seed);
            byte[] damaged =
                    switch (seed % 4) {
                        case 0 -> renamed(random);
                        case 1 -> withValue(random);
                        default -> new FileMutations(seed).safetensors(weights);
                    };
            Files.write(adapterFolder.resolve(PeftAdapterFolder.WEIGHTS), damaged);
            check("seed " + seed);
        }
        assertAllHappen();
        assertThat(misfits).isPositive();
    }

    /** One tensor under a hostile name, or under that of another one. */
    private byte[] renamed(Random random) {
        int headerLength = headerLength();
        String header = new String(weights, Long.BYTES, headerLength, StandardCharsets.UTF_8);
        List<String> names = new ArrayList<>(NAMES);
        var matches = Pattern.compile("\"(base_model[^\"]*)\"")
                .matcher(header)
                .results()
                .toList();
        matches.forEach(match -> names.add(match.group(1)));
        var victim = matches.get(random.nextInt(matches.size()));
        String renamed = random.nextInt(4) == 0
                ? header.replace("layers.0.", "layers." + (1 << random.nextInt(20)) + ".") // another model's layer
                : header.substring(0, victim.start(1))
                        + names.get(random.nextInt(names.size()))
                        + header.substring(victim.end(1));
        byte[] json = renamed.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(weights.length - headerLength + json.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(weights, Long.BYTES + headerLength, weights.length - Long.BYTES - headerLength)
                .array();
    }

    /** One weight that is no number, infinite, or as large as any. */
    private byte[] withValue(Random random) {
        byte[] damaged = weights.clone();
        int first = Long.BYTES + headerLength();
        int at = first + random.nextInt((damaged.length - first) / Float.BYTES) * Float.BYTES;
        float value = List.of(Float.NaN, Float.NEGATIVE_INFINITY, Float.MAX_VALUE, -0f)
                .get(random.nextInt(4));
        ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN).putFloat(at, value);
        return damaged;
    }

    private int headerLength() {
        return (int) ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    }

    @Test
    void damagedSettingsAreRefusedOrRun() throws IOException {
        for (int seed = 0; seed < FOLDERS; seed++) {
            FileMutations mutations = new FileMutations(seed);
            Random random = new Random(seed);
            String settings = settings(random);
            String damaged =
                    switch (seed % 3) {
                        case 0 ->
                            settings.replaceFirst("(?:_proj|layers|\\.\\*)", Matcher.quoteReplacement(pattern(random)));
                        default -> mutations.json(settings);
                    };
            Files.writeString(adapterFolder.resolve(PeftAdapterFolder.CONFIG), damaged);
            check("seed " + seed);
        }
        assertAllHappen();
    }

    private String settings(Random random) {
        int choice = random.nextInt(SETTINGS.size() + 1);
        if (choice == SETTINGS.size()) {
            return config;
        }
        return """
                {"peft_type": "LORA", "r": 4, "lora_alpha": 8, "alpha_pattern": {"q_proj": 2.5}, "bias": "none",
                 "init_lora_weights": true, "use_rslora": false, "lora_dropout": 0.05, %s}""".formatted(SETTINGS.get(choice));
    }

    private static String pattern(Random random) {
        StringBuilder pattern = new StringBuilder();
        for (int length = random.nextInt(60); length > 0; length--) {
            char character = PATTERN_CHARACTERS.charAt(random.nextInt(PATTERN_CHARACTERS.length()));
            pattern.append(character == '\\' ? "\\\\" : String.valueOf(character));
        }
        return pattern.toString();
    }

    @Test
    void everyCutIsRefused() throws IOException {
        int header = Long.BYTES + headerLength();
        for (int length = 0; length < weights.length; length += length < header ? 1 : 61) {
            Files.write(adapterFolder.resolve(PeftAdapterFolder.WEIGHTS), Arrays.copyOf(weights, length));
            assertRefused("cut to " + length);
        }
        Files.write(adapterFolder.resolve(PeftAdapterFolder.WEIGHTS), weights);
        for (int length = 0; length < config.strip().length(); length++) {
            Files.writeString(adapterFolder.resolve(PeftAdapterFolder.CONFIG), config.substring(0, length));
            assertRefused("settings cut to " + length);
        }
    }

    @Test
    void whatIsNoFileIsRefused() throws IOException {
        for (String name : List.of(PeftAdapterFolder.CONFIG, PeftAdapterFolder.WEIGHTS)) {
            Path file = adapterFolder.resolve(name);
            Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
            assertRefused("no " + name);
            Files.createDirectory(file);
            assertRefused("a folder " + name);
            Files.delete(file);
            for (Path target : List.of(elsewhere, Path.of("/dev/zero"), Path.of("nowhere"), folder)) {
                Files.createSymbolicLink(file, target);
                assertRefused(name + " as a link to " + target);
                Files.delete(file);
            }
            Files.move(elsewhere, file);
        }
        check("as it was");
        assertThat(accepted).isEqualTo(1);
    }

    @Test
    void manyFaultsTakeLittleMemory() throws IOException {
        StringBuilder many = new StringBuilder("{\"peft_type\": \"LORA\"");
        for (int i = 0; i < 40_000; i++) {
            many.append(", \"s").append(i).append("\": 1");
        }
        Files.writeString(adapterFolder.resolve(PeftAdapterFolder.CONFIG), many.append('}'));
        assertThatExceptionOfType(BrokenModelFileException.class)
                .isThrownBy(() -> PeftAdapterFolder.read(adapterFolder))
                .withMessageContaining("'s0' is in use, which is not known")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(4_000));
    }

    private void assertRefused(String which) throws IOException {
        int before = refused;
        check(which);
        assertThat(refused).as(which).isEqualTo(before + 1);
    }

    /** Reads the folder; what fits the model computes a step with it. */
    private void check(String which) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long inUse = backend.memory().bytesInUse();
        try {
            PeftAdapter adapter = PeftAdapterFolder.read(adapterFolder);
            List<String> reasons = AdapterFit.misfits(adapter, model.plan(), MOST_RANK);
            if (reasons.isEmpty()) {
                step(adapter);
                accepted++;
            } else {
                misfits++;
                assertThat(reasons).as(which).allMatch(reason -> reason.contains("; "));
            }
        } catch (BrokenModelFileException e) {
            refused++;
            assertThat(e.getMessage()).as(which).isNotBlank().doesNotContain("null pointer");
            assertThat(e.remedy()).as(which).isNotBlank();
        } catch (Throwable e) {
            fail(which + " ended in " + e, e);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("%s: bytes allocated", which)
                .isLessThan(MOST_BYTES);
        assertThat(backend.memory().bytesInUse())
                .as("%s: device memory given back", which)
                .isEqualTo(inUse);
    }

    private void step(PeftAdapter adapter) {
        int[] count = {0};
        try (ResidentAdapter resident = ResidentAdapter.upload(adapter, model.plan(), backend.memory());
                SingleSequence sequence = new SingleSequence(model, TOKENS.length, resident.weights())) {
            sequence.append(TOKENS, (_, logits) -> count[0] += logits.length);
        }
        assertThat(count[0]).isEqualTo(TOKENS.length * model.plan().vocabulary());
    }

    /** A fuzzer whose folders are all refused, or none, tests nothing. */
    private void assertAllHappen() {
        System.out.printf(
                "%d folders: %d refused, %d for another model, %d computed a step%n",
                accepted + refused + misfits, refused, misfits, accepted);
        assertThat(accepted).isGreaterThan(FOLDERS / 20);
        assertThat(refused).isGreaterThan(FOLDERS / 5);
    }
}
