package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.quant.QuantFormat;
import io.plumbline.inference.quant.Quantizer;
import io.plumbline.inference.tokenizer.GgufTokenizers;
import io.plumbline.inference.weights.BrokenModelFileException;
import io.plumbline.inference.weights.FileMutations;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.GgufTensor;
import io.plumbline.inference.weights.GgufWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged model files end in a clear refusal or in a model that computes something; never in a crash, a hang, another
 * exception or an allocation that the file does not justify. What is accepted is loaded and computes a step. {@code
 * -Dfuzz.files=N} sets the number of files of each kind.
 */
class ModelFileFuzzTest {
    private static final int FILES = Integer.getInteger("fuzz.files", 5_000);

    /** Java heap that opening and running a file of some 100 kB may take, garbage included. */
    private static final long MOST_BYTES = 64L << 20;

    private static final List<QuantFormat> FORMATS = List.of(
            QuantFormat.Q4_0,
            QuantFormat.Q4_1,
            QuantFormat.Q5_0,
            QuantFormat.Q5_1,
            QuantFormat.IQ4_NL,
            QuantFormat.Q8_0,
            QuantFormat.F16,
            QuantFormat.BF16);

    private final Backend backend = Backends.open(Backends.AUTO, new BackendOptions(2));

    @TempDir
    Path folder;

    private int accepted;
    private int refused;

    @AfterEach
    void close() {
        backend.close();
    }

    @FunctionalInterface
    private interface Use {
        void run() throws IOException;
    }

    @Test
    void damagedGgufFilesAreRefusedOrRun() throws IOException {
        byte[] sound = Files.readAllBytes(mixedFormats());
        int header;
        try (GgufFile file = GgufFile.open(folder.resolve("sound.gguf"))) {
            header = sound.length
                    - file.names().stream()
                            .mapToInt(name -> aligned(file, name))
                            .sum();
        }
        Path damaged = folder.resolve("damaged.gguf");
        for (int seed = 0; seed < FILES; seed++) {
            byte[] bytes = new FileMutations(seed).gguf(sound, header);
            Files.write(damaged, bytes);
            ActivationPrecision precision = seed % 2 == 0 ? ActivationPrecision.FLOAT32 : ActivationPrecision.INT8;
            check("seed " + seed, () -> {
                try (LoadedModel model = LoadedModel.open(damaged, backend, precision)) {
                    GgufTokenizers.of(((GgufFile) model.file()).metadata());
                    step(model);
                }
            });
        }
        assertBothHappen();
    }

    private static int aligned(GgufFile file, String name) {
        var tensor = file.tensor(name);
        long bytes = tensor.rows() * tensor.format().rowBytes(tensor.columns());
        return (int) ((bytes + 31) / 32 * 32);
    }

    @Test
    void damagedSafetensorsFilesAndConfigurationsAreRefusedOrRun() throws IOException {
        RandomModel[] models = RandomModel.values();
        List<Path> folders = new ArrayList<>();
        List<byte[]> weights = new ArrayList<>();
        List<String> configs = new ArrayList<>();
        for (RandomModel model : models) {
            folders.add(model.write(Files.createDirectory(folder.resolve(model.name()))));
            weights.add(Files.readAllBytes(folders.getLast().resolve("model.safetensors")));
            configs.add(Files.readString(folders.getLast().resolve("config.json")));
        }
        for (int seed = 0; seed < FILES; seed++) {
            int model = seed % models.length;
            Path damaged = folders.get(model);
            FileMutations mutations = new FileMutations(seed);
            boolean configuration = seed / models.length % 3 == 0;
            Files.writeString(
                    damaged.resolve("config.json"),
                    configuration ? mutations.json(configs.get(model)) : configs.get(model));
            Files.write(
                    damaged.resolve("model.safetensors"),
                    configuration ? weights.get(model) : mutations.safetensors(weights.get(model)));
            check("seed " + seed + " of " + models[model], () -> {
                try (LoadedModel loaded = LoadedModel.open(damaged, backend)) {
                    step(loaded);
                }
            });
        }
        assertBothHappen();
    }

    /** A model whose matrices have another format each. */
    private Path mixedFormats() throws IOException {
        Path target = folder.resolve("sound.gguf");
        try (GgufFile source = GgufFile.open(TestModels.path("llama-untied.F32.gguf"))) {
            List<GgufTensor> tensors = new ArrayList<>();
            for (ExportedTensor tensor : GgufExport.unchanged(source)) {
                boolean vector = tensor.dimensions().size() < 2;
                QuantFormat format = vector ? QuantFormat.F32 : FORMATS.get(tensors.size() % FORMATS.size());
                float[] values = tensor.floatRows(0, tensor.rows());
                tensors.add(new GgufTensor(
                        tensor.name(),
                        format,
                        tensor.dimensions(),
                        sink -> sink.accept(Quantizer.quantize(format, values, 0, values.length))));
            }
            GgufWriter.write(target, source.metadata().values(), tensors, _ -> {});
        }
        return target;
    }

    private static void step(LoadedModel model) {
        int vocabulary = model.plan().vocabulary();
        int[] tokens = Arrays.copyOf(
                new int[] {vocabulary - 1, 0}, Math.min(2, model.plan().contextLength()));
        int[] count = {0};
        try (SingleSequence sequence = new SingleSequence(model, tokens.length, null)) {
            sequence.append(tokens, (_, logits) -> count[0] += logits.length);
        }
        assertThat(count[0]).isEqualTo(tokens.length * vocabulary);
    }

    private void check(String which, Use use) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long inUse = backend.memory().bytesInUse();
        try {
            use.run();
            accepted++;
        } catch (BrokenModelFileException | UnsupportedModelException e) {
            refused++;
            assertThat(e.getMessage()).as(which).isNotBlank().doesNotContain("null pointer");
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

    /** A fuzzer whose files are all refused, or none, tests nothing. */
    private void assertBothHappen() {
        System.out.printf("%d files: %d refused, %d computed a step%n", accepted + refused, refused, accepted);
        assertThat(accepted).isGreaterThan(FILES / 20);
        assertThat(refused).isGreaterThan(FILES / 5);
    }
}
