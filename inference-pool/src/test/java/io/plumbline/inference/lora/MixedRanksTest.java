package io.plumbline.inference.lora;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.evaluation.SingleSequence;
import io.plumbline.inference.kernel.Backend;
import io.plumbline.inference.kernel.BackendOptions;
import io.plumbline.inference.kernel.Backends;
import io.plumbline.inference.model.LoadedModel;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.model.ModulePlan;
import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adapter whose layers differ in rank and alpha serves what the same one serves with all ranks filled up by zeros. */
class MixedRanksTest {
    private static final int MOST = 7;
    private static final int[] TOKENS = {5, 77, 300, 12, 12, 9, 201};

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void ranksAndAlphasOfLayersCount(boolean rankStabilised) throws IOException {
        try (Backend backend = Backends.open(Backends.AUTO, new BackendOptions(2));
                LoadedModel model = LoadedModel.open(TestModels.path("llama-untied.F32.gguf"), backend)) {
            PeftAdapter mixed = mixed(model.plan(), rankStabilised);
            PeftAdapterFolder.write(folder, mixed);
            PeftAdapter read = PeftAdapterFolder.read(folder);
            assertThat(read).usingRecursiveComparison().isEqualTo(mixed);
            float[] logits = logits(model, read);
            float[] expected = logits(model, filledUp(mixed));
            float[] base = logits(model, null);
            assertThat(maxDifference(logits, expected)).isLessThan(2e-4);
            assertThat(maxDifference(logits, base)).isGreaterThan(0.1);
            assertThat(AdapterFit.misfits(read, model.plan(), MOST)).isEmpty();
            assertThat(AdapterFit.misfits(read, model.plan(), MOST - 1))
                    .singleElement()
                    .asString()
                    .contains("its rank is 7 and the engine takes at most 6");
        }
    }

    private static PeftAdapter mixed(ModelPlan plan, boolean rankStabilised) {
        Random random = new Random(9);
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        SortedMap<AdapterSite, Double> alphas = new TreeMap<>();
        for (int layer = 0; layer < plan.layers().size(); layer++) {
            for (ModulePlan module : plan.modules(layer)) {
                AdapterSite site = new AdapterSite(layer, module.module());
                int rank = layers.isEmpty() ? MOST : 1 + random.nextInt(MOST);
                layers.put(
                        site,
                        new LowRankPair(
                                module.in(),
                                module.out(),
                                rank,
                                values(random, rank * module.in()),
                                values(random, rank * module.out())));
                alphas.put(site, 0.25 * (1 + random.nextInt(4)));
            }
        }
        return new PeftAdapter("base", 3, 0.5, rankStabilised, 0, layers, alphas);
    }

    private static float[] values(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (0.2 * random.nextGaussian());
        }
        return values;
    }

    /** The same products: zeros beyond the rank, and alphas that keep the scale. */
    private static PeftAdapter filledUp(PeftAdapter adapter) {
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        SortedMap<AdapterSite, Double> alphas = new TreeMap<>();
        adapter.layers().forEach((site, pair) -> {
            float[] b = new float[pair.out() * MOST];
            for (int row = 0; row < pair.out(); row++) {
                System.arraycopy(pair.b(), row * pair.rank(), b, row * MOST, pair.rank());
            }
            float[] a = Arrays.copyOf(pair.a(), MOST * pair.in());
            layers.put(site, new LowRankPair(pair.in(), pair.out(), MOST, a, b));
            alphas.put(site, (double) adapter.scale(site) * MOST);
        });
        return new PeftAdapter("base", MOST, 1, false, 0, layers, alphas);
    }

    private static double maxDifference(float[] actual, float[] expected) {
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        return largest;
    }

    private static float[] logits(LoadedModel model, @Nullable PeftAdapter adapter) {
        float[] last = new float[model.plan().vocabulary()];
        ResidentAdapter resident = adapter == null
                ? null
                : ResidentAdapter.upload(adapter, model.plan(), model.backend().memory());
        try (resident;
                SingleSequence sequence =
                        new SingleSequence(model, TOKENS.length, resident == null ? null : resident.weights())) {
            sequence.append(TOKENS, (_, logits) -> System.arraycopy(logits, 0, last, 0, last.length));
        }
        return last;
    }
}
