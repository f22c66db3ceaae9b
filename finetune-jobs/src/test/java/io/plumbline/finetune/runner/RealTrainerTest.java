package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.LeaseState;
import io.plumbline.finetune.training.TinyModel;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingSpec;
import io.plumbline.inference.TenantId;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runner with real trainer processes over a tiny model. */
class RealTrainerTest {
    /** Checkpoints come every two steps, so one lies behind when a trainer dies here. */
    private static final int DIES_AFTER_STEP = 4;

    @TempDir
    Path directory;

    private final FakeJobs jobs = new FakeJobs();
    private final List<FinishedTraining> archived = new ArrayList<>();
    private Path base = Path.of("");

    @BeforeEach
    void writeModel() throws IOException {
        base = TinyModel.write(directory.resolve("tiny.gguf"));
    }

    @Test
    void aTrainerEndedBySigkillGoesOnFromItsCheckpointWithTheSameFigures() throws Exception {
        attempt(launcherThatKills(DIES_AFTER_STEP));

        assertThat(jobs.state).isEqualTo(JobState.RUNNING);
        assertThat(jobs.notes).singleElement().asString().contains("signal 9");
        assertThat(jobs.recorded).anyMatch(TrainingEvent.Checkpointed.class::isInstance);
        List<TrainingEvent.Stepped> before = steps();
        jobs.recorded.clear();

        attempt(realLauncher());

        assertThat(jobs.state).isEqualTo(JobState.SUCCEEDED);
        assertThat(jobs.recorded.getFirst())
                .isInstanceOfSatisfying(TrainingEvent.Started.class, started -> assertThat(started.firstStep())
                        .isPositive());
        List<TrainingEvent.Stepped> after = steps();
        assertThat(after.getLast().step()).isEqualTo(23);
        for (TrainingEvent.Stepped repeated : after) {
            before.stream().filter(step -> step.step() == repeated.step()).forEach(step -> assertThat(repeated.loss())
                    .isEqualTo(step.loss()));
        }
        assertThat(archived).hasSize(1);
    }

    @Test
    void aCancelledTrainerEnds() throws Exception {
        TrainerLauncher cancels = (spec, workspace) -> {
            TrainerProcess real = realLauncher().start(spec, workspace);
            jobs.setLease(LeaseState.ENDED);
            return real;
        };
        attempt(cancels);

        assertThat(archived).isEmpty();
        assertThat(Workspace.of(directory, FakeJobs.JOB).directory()).doesNotExist();
    }

    private List<TrainingEvent.Stepped> steps() {
        return jobs.recorded.stream()
                .filter(TrainingEvent.Stepped.class::isInstance)
                .map(TrainingEvent.Stepped.class::cast)
                .toList();
    }

    private void attempt(TrainerLauncher launcher) throws InterruptedException {
        TrainerConfig config = new TestTrainerConfig(Duration.ofSeconds(60), 3);
        TrainingRun.Tools tools = new TrainingRun.Tools(
                jobs, jobs, launcher, new TrainingPlan(new Inputs(), "auto", config.checkpointSteps()), finished -> {
                    assertThat(finished.adapter().resolve("adapter_model.safetensors"))
                            .isNotEmptyFile();
                    archived.add(finished);
                    return Optional.empty();
                });
        new TrainingRun(FakeJobs.CLAIM, Workspace.of(directory, FakeJobs.JOB), tools, config).run();
    }

    private static TrainerLauncher realLauncher() {
        return new JavaTrainerLauncher(TestTrainerConfig.standard());
    }

    /** Ends the trainer with SIGKILL when it reports a step, as the operating system would when memory runs out. */
    private static TrainerLauncher launcherThatKills(int step) {
        return (TrainingSpec spec, Workspace workspace) -> {
            TrainerProcess real = realLauncher().start(spec, workspace);
            return new TrainerProcess() {
                @Override
                public BufferedReader events() {
                    return new BufferedReader(real.events()) {
                        @Override
                        public String readLine() throws IOException {
                            String line = super.readLine();
                            if (line != null && line.contains("\"step\":" + step + ",\"loss\"")) {
                                real.kill();
                            }
                            return line;
                        }
                    };
                }

                @Override
                public void terminate() {
                    real.terminate();
                }

                @Override
                public void kill() {
                    real.kill();
                }

                @Override
                public int exitCode() throws InterruptedException {
                    return real.exitCode();
                }

                @Override
                public List<String> lastWords() {
                    return real.lastWords();
                }

                @Override
                public void close() {
                    real.close();
                }
            };
        };
    }

    private final class Inputs implements TrainingInputs {
        @Override
        public void fetch(TenantId tenant, String fileId, String param, Path target) throws IOException {
            Files.writeString(
                    target, IntStream.range(0, 32).mapToObj(Inputs::row).collect(Collectors.joining()));
        }

        private static String row(int i) {
            return ("{\"messages\":[{\"role\":\"user\",\"content\":\"question %d\"},"
                            + "{\"role\":\"assistant\",\"content\":\"answer %d\"}]}%n")
                    .formatted(i, i);
        }

        @Override
        public Path baseModel(String id, String sha256) {
            return base;
        }
    }
}
