package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base model that calls its linear layers otherwise: Phi-3. */
class StackedModulesTest {
    private static final int STEPS = 12;

    @TempDir
    private Path folder;

    private TinyRun run;

    @BeforeEach
    void files() throws IOException {
        run = new TinyRun(folder, STEPS);
        TinyModel.writeStacked(run.model());
        run.writeRows();
    }

    @Test
    void allLinearLayersAreThoseOfTheModelAndTheAdapterGoesOnWhereItWas() throws IOException, InterruptedException {
        List<TrainingEvent.Evaluated> first;
        try (TrainerProcess trainer = start("first")) {
            assertThat(trainer.awaitEnd()).isZero();
            first = trainer.seen(TrainingEvent.Evaluated.class);
            assertThat(first.getLast().loss()).isLessThan(first.getFirst().loss() - 0.3);
        }
        PeftAdapter adapter = PeftAdapterFolder.read(run.adapter("first"));
        assertThat(adapter.targetModules())
                .containsExactly(
                        LinearModule.QKV_PROJ, LinearModule.O_PROJ, LinearModule.GATE_UP_PROJ, LinearModule.DOWN_PROJ);
        LowRankPair stacked = Objects.requireNonNull(adapter.layers().get(new AdapterSite(1, LinearModule.QKV_PROJ)));
        assertThat(stacked.out()).isEqualTo(2 * TinyModel.HIDDEN); // 32 of q, 16 each of k and v
        for (int part = 0; part < 4; part++) {
            float[] rows = Arrays.copyOfRange(stacked.b(), part * 16 * 4, (part + 1) * 16 * 4);
            assertThat(rows).as("rows %d … of B", part * 16).doesNotContain(0f);
        }
        try (TrainerProcess trainer =
                start("second", "--init-adapter", run.adapter("first").toString())) {
            assertThat(trainer.awaitEnd()).isZero();
            assertThat(trainer.seen(TrainingEvent.Evaluated.class).getFirst().loss())
                    .isCloseTo(first.getLast().loss(), within(1e-6));
        }
    }

    @Test
    void modulesThatTheModelLacksAreRefusedWithThoseItHas() throws IOException, InterruptedException {
        try (TrainerProcess trainer = start("none", "--targets", "q_proj,v_proj")) {
            assertThat(trainer.awaitEnd()).isEqualTo(ExitCode.USAGE.number());
            assertThat(trainer.seen(TrainingEvent.Failed.class))
                    .singleElement()
                    .asString()
                    .contains("[q_proj, v_proj]")
                    .contains("[qkv_proj, o_proj, gate_up_proj, down_proj]");
        }
    }

    private TrainerProcess start(String name, String... more) throws IOException {
        List<String> all = new ArrayList<>(List.of("--rank", "4", "--lr", "0.01", "--backend", "reference"));
        all.addAll(List.of(more));
        return run.start(name, all.toArray(String[]::new));
    }
}
