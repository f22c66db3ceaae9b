package io.plumbline.inference.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.kernel.ActivationPrecision;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.kernel.PagedBatch;
import io.plumbline.inference.kvcache.BlockPool;
import io.plumbline.inference.kvcache.KeyValueCache;
import io.plumbline.inference.model.Activations;
import io.plumbline.inference.model.AdapterRows;
import io.plumbline.inference.model.AdapterSet;
import io.plumbline.inference.model.AttentionStep;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModelStep;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Adapters of every rank that is served, written and read as PEFT does, and together in one step. */
class AdapterRanksTest {
    private static final int[] RANKS = {1, 3, 8, 64, 256};
    private static final int[] TOKENS = {5, 77, 300, 12, 12, 9, 201};
    private static final int BLOCK = 16;

    @TempDir
    Path folder;

    /** Touches some of the linear layers only, others for every rank; every second one is rank-stabilised. */
    private static PeftAdapter random(ModelPlan plan, int rank) {
        Random random = new Random(rank);
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (var module : plan.modules(layer)) {
                boolean always = module.module() == LinearModule.Q_PROJ;
                if (always || random.nextBoolean()) {
                    layers.put(
                            new AdapterSite(layer, module.module()),
                            new LowRankPair(
                                    module.in(),
                                    module.out(),
                                    rank,
                                    normal(random, rank * module.in()),
                                    normal(random, module.out() * rank)));
                }
            }
        }
        return new PeftAdapter("base", rank, 0.2, rank % 2 == 0, 0, layers);
    }

    private static float[] normal(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.3 * random.nextGaussian());
        }
        return values;
    }

    private PeftAdapter stored(PeftAdapter adapter) throws IOException {
        Path own = folder.resolve("rank-" + adapter.rank());
        PeftAdapterFolder.write(own, adapter);
        return PeftAdapterFolder.read(own);
    }

    @ParameterizedTest
    @EnumSource
    void mixedRanksInOneStepAnswerAsEachAlone(ActivationPrecision precision) throws IOException {
        try (Backend backend = Backends.open(Backends.AUTO, new BackendOptions(2));
                LoadedModel model = LoadedModel.open(TestModels.path("llama-untied.Q8_0.gguf"), backend, precision)) {
            List<ResidentAdapter> adapters = new ArrayList<>();
            try {
                for (int rank : RANKS) {
                    PeftAdapter adapter = stored(random(model.plan(), rank));
                    assertThat(AdapterFit.misfits(adapter, model.plan(), 256)).isEmpty();
                    adapters.add(ResidentAdapter.upload(adapter, model.plan(), backend.memory()));
                }
                List<float[]> together = together(model, adapters);
                float[] base = alone(model, null);
                assertThat(together.getLast()).isEqualTo(base);
                for (int i = 0; i < RANKS.length; i++) {
                    float[] alone = alone(model, adapters.get(i));
                    assertThat(alone).as("rank %d changes the answer", RANKS[i]).isNotEqualTo(base);
                    assertThat(together.get(i)).as("rank %d", RANKS[i]).isEqualTo(alone);
                }
            } finally {
                adapters.forEach(ResidentAdapter::close);
            }
        }
    }

    private static float[] alone(LoadedModel model, @org.jspecify.annotations.Nullable ResidentAdapter adapter) {
        float[][] last = new float[1][];
        try (SingleSequence sequence =
                new SingleSequence(model, TOKENS.length, adapter == null ? null : adapter.weights())) {
            sequence.append(TOKENS, (_, logits) -> last[0] = logits.clone());
        }
        return last[0];
    }

    /** One sequence per adapter and one without, all in one step; the logits behind the last token of each. */
    private static List<float[]> together(LoadedModel model, List<ResidentAdapter> adapters) {
        int sequences = adapters.size() + 1;
        int rows = sequences * TOKENS.length;
        int[] tokens = new int[rows];
        int[] adapterOfRow = new int[rows];
        Arrays.setAll(tokens, row -> TOKENS[row % TOKENS.length]);
        Arrays.setAll(adapterOfRow, row -> row / TOKENS.length == adapters.size() ? -1 : row / TOKENS.length);
        int[] rowStart =
                IntStream.rangeClosed(0, sequences).map(s -> s * TOKENS.length).toArray();
        int[][] blocks =
                IntStream.range(0, sequences).mapToObj(s -> new int[] {s}).toArray(int[][]::new);
        PagedBatch batch = new PagedBatch(rowStart, new int[sequences], blocks, BLOCK);
        List<float[]> logits = new ArrayList<>();
        try (KeyValueCache cache =
                        new KeyValueCache(model.plan(), model.backend().memory(), new BlockPool(sequences, BLOCK));
                Activations activations = Activations.forServing(
                        model.plan(), model.backend().memory(), new Activations.Capacity(rows, sequences, 256))) {
            var forward = model.forwardPass();
            var weights = adapters.stream().map(ResidentAdapter::weights).toList();
            forward.run(
                    new ModelStep(
                            tokens,
                            new AttentionStep.Paged(batch, cache.layers()),
                            new AdapterRows(adapterOfRow, new AdapterSet(weights))),
                    activations);
            forward.head(
                    IntStream.range(1, sequences + 1).map(s -> rowStart[s] - 1).toArray(), activations);
            model.backend().synchronize();
            for (int s = 0; s < sequences; s++) {
                float[] row = new float[model.plan().vocabulary()];
                model.backend().memory().read(activations.head().logits(), (long) s * row.length, row, 0, row.length);
                logits.add(row);
            }
        }
        return logits;
    }

    @Test
    void aRankAboveTheEnginesIsRefusedBesideEveryOtherReason() {
        try (Backend backend = TestModels.reference();
                LoadedModel model = TestModels.open("llama-untied.Q8_0.gguf", backend)) {
            SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
            layers.put(
                    new AdapterSite(0, LinearModule.Q_PROJ),
                    new LowRankPair(3, 5, 257, new float[3 * 257], new float[5 * 257]));
            layers.put(
                    new AdapterSite(9, LinearModule.Q_PROJ),
                    new LowRankPair(64, 64, 257, new float[64 * 257], new float[64 * 257]));
            PeftAdapter adapter = new PeftAdapter("other", 257, 1, false, 0, layers);
            assertThat(AdapterFit.misfits(adapter, model.plan(), 256))
                    .hasSize(3)
                    .anyMatch(reason -> reason.contains("rank is 257"))
                    .anyMatch(reason -> reason.contains("maps 3 to 5"))
                    .anyMatch(reason -> reason.contains("layer 9"));
        }
    }
}
