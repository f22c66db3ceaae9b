package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.inference.weights.LinearModule;
import io.plumbline.inference.weights.PeftAdapter;
import io.plumbline.inference.weights.PeftAdapterFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A base model whose feed-forward blocks have experts: Qwen3-MoE. */
class ExpertsTest {
    private static final int STEPS = 24;

    @TempDir
    private Path folder;

    private TinyRun run;

    @BeforeEach
    void files() throws IOException {
        run = new TinyRun(folder, STEPS);
        TinyModel.writeWithExperts(run.model());
        run.writeRows();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reference", "auto"})
    void theAttentionLearnsThroughTheExpertsAndAKilledRunEndsBitByBitAlike(String backend)
            throws IOException, InterruptedException {
        List<Double> losses;
        try (TrainerProcess whole = start("whole", "--backend", backend)) {
            assertThat(whole.awaitEnd()).isZero();
            var evaluations = whole.seen(TrainingEvent.Evaluated.class);
            assertThat(evaluations.getLast().loss())
                    .isLessThan(evaluations.getFirst().loss() - 0.5);
            losses = losses(whole);
        }
        try (TrainerProcess killed = start("killed", "--backend", backend)) {
            killed.await(e -> e instanceof TrainingEvent.Stepped s && s.step() == STEPS / 2 + 2);
            killed.kill();
        }
        try (TrainerProcess second = start("killed", "--backend", backend)) {
            assertThat(second.awaitEnd()).isZero();
            int first = second.seen(TrainingEvent.Started.class).getFirst().firstStep();
            assertThat(first).isPositive();
            assertThat(losses(second)).isEqualTo(losses.subList(first, STEPS));
        }
        PeftAdapter adapter = PeftAdapterFolder.read(run.adapter("whole"));
        assertThat(adapter.targetModules())
                .containsExactly(LinearModule.Q_PROJ, LinearModule.K_PROJ, LinearModule.V_PROJ, LinearModule.O_PROJ);
        adapter.layers()
                .forEach(
                        (site, pair) -> assertThat(pair.b()).as("B of %s", site).doesNotContain(0f));
        for (String file : List.of(PeftAdapterFolder.WEIGHTS, PeftAdapterFolder.CONFIG)) {
            assertThat(run.adapter("killed").resolve(file))
                    .hasSameBinaryContentAs(run.adapter("whole").resolve(file));
        }
    }

    @Test
    void modulesOfTheExpertsAreRefusedWithThoseThatCanBeTrained() throws IOException, InterruptedException {
        try (TrainerProcess trainer = start("none", "--targets", "q_proj,up_proj")) {
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.USAGE.number());
            assertThat(trainer.seen(TrainingEvent.Failed.class))
                    .singleElement()
                    .asString()
                    .contains("[q_proj, up_proj]")
                    .contains("[q_proj, k_proj, v_proj, o_proj]");
        }
    }

    private static List<Double> losses(TrainerProcess trainer) {
        return trainer.seen(TrainingEvent.Stepped.class).stream()
                .map(TrainingEvent.Stepped::loss)
                .toList();
    }

    private TrainerProcess start(String name, String option, String value) throws IOException {
        return run.start(name, "--rank", "4", "--lr", "0.02", "--checkpoint-every", "5", option, value);
    }
}
