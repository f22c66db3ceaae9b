package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.model.ModelConfig;
import io.plumbline.inference.model.ModelPlan;
import io.plumbline.inference.weights.AdapterSite;
import io.plumbline.inference.weights.GgufFile;
import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.LowRankPair;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training goes on from an adapter whose layers differ in rank and alpha, and leaves them as they were. */
class MixedRanksTest {
    private static final int STEPS = 20;

    @TempDir
    private Path folder;

    private TinyRun run;
    private PeftAdapter initial;

    @BeforeEach
    void files() throws IOException {
        run = new TinyRun(folder, STEPS);
        TinyModel.write(run.model());
        run.writeRows();
        try (GgufFile file = GgufFile.open(run.model())) {
            initial = initial(ModelConfig.of(file).plan());
        }
        PeftAdapterFolder.write(folder.resolve("initial"), initial);
    }

    private static PeftAdapter initial(ModelPlan plan) {
        Random random = new Random(4);
        SortedMap<AdapterSite, LowRankPair> layers = new TreeMap<>();
        SortedMap<AdapterSite, Double> alphas = new TreeMap<>();
        for (int layer = 0; layer < TinyModel.LAYERS; layer++) {
            for (LinearModule name : List.of(LinearModule.Q_PROJ, LinearModule.DOWN_PROJ)) {
                var module = plan.module(layer, name).orElseThrow();
                int rank = name == LinearModule.Q_PROJ ? 2 : 3 + 2 * layer;
                float[] a = new float[rank * module.in()];
                for (int i = 0; i < a.length; i++) {
                    a[i] = (float) (random.nextGaussian() / 6);
                }
                AdapterSite site = new AdapterSite(layer, name);
                layers.put(site, new LowRankPair(module.in(), module.out(), rank, a, new float[rank * module.out()]));
                alphas.put(site, layer == 0 ? 8.0 : 12.0);
            }
        }
        return new PeftAdapter("tiny", 3, 8, true, 0, layers, alphas);
    }

    @Test
    void everyLayerKeepsItsRankAndAlphaAndAKilledRunGoesOn() throws IOException, InterruptedException {
        try (TrainerProcess whole = start("whole")) {
            assertThat(whole.awaitEnd()).isZero();
            var evaluations = whole.seen(TrainingEvent.Evaluated.class);
            assertThat(evaluations.getLast().loss())
                    .isLessThan(evaluations.getFirst().loss() - 0.3);
        }
        try (TrainerProcess killed = start("killed")) {
            killed.await(e -> e instanceof TrainingEvent.Stepped s && s.step() == STEPS / 2 + 2);
            killed.kill();
        }
        try (TrainerProcess second = start("killed")) {
            assertThat(second.awaitEnd()).isZero();
            assertThat(second.seen(TrainingEvent.Started.class).getFirst().firstStep())
                    .isPositive();
        }
        PeftAdapter trained = PeftAdapterFolder.read(run.adapter("whole"));
        assertThat(trained.alphas()).isEqualTo(initial.alphas());
        assertThat(trained.layers().keySet()).isEqualTo(initial.layers().keySet());
        trained.layers().forEach((site, pair) -> {
            assertThat(trained.scale(site)).isEqualTo(initial.scale(site));
            assertThat(pair.b()).as("B of %s", site).doesNotContain(0f);
        });
        for (String file : List.of(PeftAdapterFolder.WEIGHTS, PeftAdapterFolder.CONFIG)) {
            assertThat(run.adapter("killed").resolve(file))
                    .hasSameBinaryContentAs(run.adapter("whole").resolve(file));
        }
    }

    private TrainerProcess start(String name) throws IOException {
        String from = folder.resolve("initial").toString();
        return run.start(
                name, "--init-adapter", from, "--lr", "0.01", "--backend", "reference", "--checkpoint-every", "5");
    }
}
