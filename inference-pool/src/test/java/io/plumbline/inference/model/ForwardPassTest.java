package io.plumbline.inference.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.lora.ResidentAdapter;
import io.plumbline.inference.weights.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against results of transformers, and serving against training. */
class ForwardPassTest {
    private static final int BLOCK = 4;

    @ParameterizedTest
    @CsvSource({
        "llama-untied, config.json, 2e-4",
        "llama-untied, config.v5.json, 2e-4",
        "phi3, config.json, 2e-4",
        "phi3, config.v5.json, 2e-4",
    })
    void matchesTransformersFromSafetensors(String name, String config, float tolerance) throws IOException {
        Path folder = TestModels.path(name);
        try (Backend backend = TestModels.reference();
                LoadedModel model =
                        LoadedModel.open(folder.resolve(config), folder.resolve("model.safetensors"), backend);
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            for (int s = 0; s < 3; s++) {
                assertThat(logits(
                                model,
                                golden.require("seq%d.tokens".formatted(s)).toInts(),
                                4))
                        .usingComparatorWithPrecision(tolerance)
                        .containsExactly(golden.require("seq%d.logits_last4".formatted(s))
                                .toFloats());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"llama-untied.Q8_0", "gemma3-p6.Q8_0", "qwen3-moe.Q8_0", "minicpm3.Q8_0"})
    void matchesTransformersFromGguf(String name) throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open(name + ".gguf", backend);
                SafetensorsFile golden = SafetensorsFile.open(TestModels.path(name + ".golden.safetensors"))) {
            for (int s = 0; s < 3; s++) {
                assertThat(logits(
                                model,
                                golden.require("seq%d.tokens".formatted(s)).toInts(),
                                4))
                        .usingComparatorWithPrecision(5e-4f)
                        .containsExactly(golden.require("seq%d.logits_last4.exact".formatted(s))
                                .toFloats());
            }
        }
    }

    /** Eight rows say no more than that both round alike: a bug would be off by orders of magnitude. */
    @ParameterizedTest
    @CsvSource({"llama-untied.Q8_0", "gemma3-p6.Q8_0", "qwen3-moe.Q8_0", "minicpm3.Q8_0"})
    void roundedActivationsAreAboutAsNearAsThoseOfLlamaCpp(String name) throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel model =
                        LoadedModel.open(TestModels.path(name + ".gguf"), backend, ActivationPrecision.INT8);
                SafetensorsFile golden = SafetensorsFile.open(TestModels.path(name + ".golden.safetensors"))) {
            double ours = 0;
            double theirs = 0;
            for (int s = 0; s < 3; s++) {
                float[] exact =
                        golden.require("seq%d.logits_last4.exact".formatted(s)).toFloats();
                int[] tokens = golden.require("seq%d.tokens".formatted(s)).toInts();
                ours += squares(logits(model, tokens, 4), exact);
                theirs += squares(
                        golden.require("seq%d.logits_last4.llamacpp".formatted(s))
                                .toFloats(),
                        exact);
            }
            assertThat(ours).isPositive().isLessThan(1.5 * theirs);
        }
    }

    private static double squares(float[] actual, float[] expected) {
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            sum += Math.pow(actual[i] - expected[i], 2);
        }
        return sum;
    }

    /** The GGUF file has the rows of q and k in another order than the adapter. */
    @ParameterizedTest
    @CsvSource({
        "llama-untied, adapter-all",
        "llama-untied, adapter-qv",
        "llama-untied.F32.gguf, adapter-all",
        "llama-untied.F32.gguf, adapter-qv"
    })
    void matchesPeftWithAnAdapter(String base, String adapterName) throws IOException {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open(base, backend);
                ResidentAdapter adapter =
                        ResidentAdapter.upload(TestModels.adapter(adapterName), model.plan(), backend.memory());
                SafetensorsFile probe =
                        SafetensorsFile.open(TestModels.path(adapterName).resolve("probe.safetensors"))) {
            int[] tokens = probe.require("tokens").toInts();
            AdapterRows rows = AdapterRows.all(tokens.length, adapter.weights());
            assertThat(training(model, tokens, rows, 4))
                    .usingComparatorWithPrecision(3e-4f)
                    .containsExactly(probe.require("init.logits_last4").toFloats());
        }
    }

    @ParameterizedTest
    @CsvSource({"llama-untied.Q8_0.gguf", "gemma3-p6.Q8_0.gguf", "qwen3-moe.Q8_0.gguf", "minicpm3.Q8_0.gguf"})
    void servingAndTrainingAreBitEqualHoweverThePromptIsCut(String name) {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open(name, backend)) {
            int[] tokens = IntStream.range(0, 45).map(i -> 5 + (i * 37) % 250).toArray();
            float[] trained = logits(model, tokens, tokens.length);
            for (int chunk : new int[] {1, 7, 45}) {
                assertThat(serving(model, tokens, chunk))
                        .as("chunks of %d", chunk)
                        .containsExactly(trained);
            }
        }
    }

    @Test
    void anAdapterTouchesOnlyItsOwnRows() {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open("llama-untied.Q8_0.gguf", backend);
                ResidentAdapter adapter =
                        ResidentAdapter.upload(TestModels.adapter("adapter-all"), model.plan(), backend.memory())) {
            int[] one = {7, 8, 9};
            int[] both = {7, 8, 9, 7, 8, 9};
            float[] plain = training(model, one, AdapterRows.none(3), 1);
            float[] adapted = training(model, one, AdapterRows.all(3, adapter.weights()), 1);
            assertThat(adapted).isNotEqualTo(plain);

            AdapterRows rows =
                    new AdapterRows(new int[] {0, 0, 0, -1, -1, -1}, new AdapterSet(List.of(adapter.weights())));
            try (Activations activations = Activations.forTraining(
                    model.plan(),
                    backend.memory(),
                    new Activations.Capacity(6, 2, adapter.weights().maxRank()))) {
                ForwardPass pass = model.forwardPass();
                pass.run(new ModelStep(both, new AttentionStep.Sequences(new int[] {0, 3, 6}), rows), activations);
                pass.head(new int[] {2, 5}, activations);
                float[] mixed = read(model, activations, 2);
                int vocabulary = model.plan().vocabulary();
                assertThat(Arrays.copyOf(mixed, vocabulary)).containsExactly(adapted);
                assertThat(Arrays.copyOfRange(mixed, vocabulary, 2 * vocabulary))
                        .containsExactly(plain);
            }
        }
    }

    private static float[] logits(LoadedModel model, int[] tokens, int last) {
        return training(model, tokens, AdapterRows.none(tokens.length), last);
    }

    /** Logits of the last rows, all rows in one pass without a cache. */
    static float[] training(LoadedModel model, int[] tokens, AdapterRows adapters, int last) {
        int rows = tokens.length;
        int wanted = Math.min(rows, last);
        int rank = adapters.adapters().adapters().stream()
                .mapToInt(AdapterWeights::maxRank)
                .max()
                .orElse(0);
        try (Activations activations = Activations.forTraining(
                model.plan(), model.backend().memory(), new Activations.Capacity(rows, wanted, rank))) {
            ForwardPass pass = model.forwardPass();
            pass.run(new ModelStep(tokens, new AttentionStep.Sequences(new int[] {0, rows}), adapters), activations);
            pass.head(IntStream.range(rows - wanted, rows).toArray(), activations);
            return read(model, activations, wanted);
        }
    }

    /** Logits of all rows, a few rows a pass, through the paged cache with its blocks in disorder. */
    private static float[] serving(LoadedModel model, int[] tokens, int chunk) {
        int blocks = (tokens.length + BLOCK - 1) / BLOCK;
        int[] table = IntStream.range(0, blocks).map(i -> (i * 7 + 3) % 13).toArray();
        int vocabulary = model.plan().vocabulary();
        float[] all = new float[tokens.length * vocabulary];
        try (KeyValueCache cache =
                        new KeyValueCache(model.plan(), model.backend().memory(), new BlockPool(13, BLOCK));
                Activations activations = Activations.forServing(
                        model.plan(), model.backend().memory(), new Activations.Capacity(chunk, chunk, 0))) {
            ForwardPass pass = model.forwardPass();
            for (int first = 0; first < tokens.length; first += chunk) {
                int rows = Math.min(chunk, tokens.length - first);
                PagedBatch batch = new PagedBatch(new int[] {0, rows}, new int[] {first}, new int[][] {table}, BLOCK);
                pass.run(
                        new ModelStep(
                                Arrays.copyOfRange(tokens, first, first + rows),
                                new AttentionStep.Paged(batch, cache.layers()),
                                AdapterRows.none(rows)),
                        activations);
                pass.head(IntStream.range(0, rows).toArray(), activations);
                System.arraycopy(read(model, activations, rows), 0, all, first * vocabulary, rows * vocabulary);
            }
        }
        return all;
    }

    private static float[] read(LoadedModel model, Activations activations, int rows) {
        float[] logits = new float[rows * model.plan().vocabulary()];
        model.backend().memory().read(activations.head().logits(), 0, logits, 0, logits.length);
        return logits;
    }
}
