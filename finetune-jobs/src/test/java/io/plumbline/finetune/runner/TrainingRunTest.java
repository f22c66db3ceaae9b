package io.plumbline.finetune.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.finetune.job.JobError;
import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.LeaseState;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.inference.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
    private static final TrainingEvent STARTED = new TrainingEvent.Started(0, 4, 4, 100, "fake");
    private static final TrainingEvent STEP = new TrainingEvent.Stepped(0, 2.5, 1e-4, 1.0, 50, 80);

    @TempDir
    Path directory;

    private final FakeJobs jobs = new FakeJobs();
    private final FakeTrainer trainer = new FakeTrainer();
    private final List<FinishedTraining> archived = new ArrayList<>();
    private boolean fileIsGone;
    private boolean archiveIsFull;

    @Test
    void aFinishedRunIsStoredThenSucceeds() throws Exception {
        trainer.says(STARTED).says(STEP).says(new TrainingEvent.Heartbeat(1));
        trainer.says(new TrainingEvent.Finished(directory.resolve("adapter"), 4, 1234))
                .ends(0);

        run().run();

        assertThat(jobs.recorded).containsExactly(STARTED, STEP);
        assertThat(jobs.state).isEqualTo(JobState.SUCCEEDED);
        assertThat(jobs.trainedTokens).contains(1234L);
        assertThat(archived).extracting(FinishedTraining::trainedTokens).containsExactly(1234L);
        assertThat(workspace().directory()).doesNotExist();
    }

    @Test
    void theSpecIsThatOfTheJob() throws Exception {
        trainer.ends(0);
        run().run();
        var spec = trainer.started.get();
        assertThat(spec.baseModel()).isEqualTo(Path.of("base.gguf"));
        assertThat(spec.optimizer().epochs()).isEqualTo(3);
        assertThat(spec.optimizer().seed()).isEqualTo(7);
        assertThat(spec.optimizer().maxTokens()).isEqualTo(128);
        assertThat(spec.checkpointEverySteps()).isEqualTo(2);
        assertThat(spec.outputDirectory()).isEqualTo(workspace().output());
    }

    @Test
    void aFailureThatTheTrainerExplainsIsFinal() throws Exception {
        trainer.says(new TrainingEvent.Failed("loss is not a number; lower learning_rate"))
                .ends(76);

        run().run();

        assertThat(jobs.state).isEqualTo(JobState.FAILED);
        assertThat(jobs.error)
                .contains(
                        new JobError("training_failed", "loss is not a number; lower learning_rate", Optional.empty()));
    }

    @Test
    void aKilledTrainerIsStartedAgainFromItsCheckpoint() throws Exception {
        trainer.says(STARTED).says(STEP).writes("{\"event\":\"step\",\"st").ends(137);

        run().run();

        assertThat(jobs.state).isEqualTo(JobState.RUNNING);
        assertThat(jobs.released).contains(Duration.ofSeconds(2));
        assertThat(jobs.notes)
                .singleElement()
                .asString()
                .contains("signal 9", "trying again from the last checkpoint (failure 1 of 3)", "said at last");
        assertThat(workspace().trainingFile()).exists();
    }

    @Test
    void aTrainerThatKeepsDyingFailsTheJob() throws Exception {
        jobs.failures = 2;
        trainer.ends(139);

        run().run();

        assertThat(jobs.state).isEqualTo(JobState.FAILED);
        assertThat(jobs.error.orElseThrow().code()).isEqualTo("trainer_failed");
        assertThat(jobs.error.orElseThrow().message()).contains("signal 11", "for the 3. time", "operator");
    }

    @Test
    void aCancelledJobsTrainerIsAskedToEndAndNothingIsKept() throws Exception {
        trainer.says(STARTED).saysGoodbyeWith(new TrainingEvent.Stopped(1, "SIGTERM"));
        Thread running = Thread.ofVirtual().start(this::runQuietly);
        trainer.started.get();
        jobs.setLease(LeaseState.ENDED);

        assertThat(trainer.askedToEnd.get()).isTrue();
        running.join();

        assertThat(workspace().directory()).doesNotExist();
        assertThat(archived).isEmpty();
    }

    @Test
    void aTrainerThatDoesNotListenIsEndedAfterTheGrace() throws Exception {
        trainer.says(STARTED).isDeaf();
        Thread running = Thread.ofVirtual().start(() -> runQuietly(new TestTrainerConfig(Duration.ofMillis(10), 3)));
        trainer.started.get();
        jobs.setLease(LeaseState.ENDED);

        running.join();

        assertThat(trainer.askedToEnd).isCompletedWithValue(true);
        assertThat(trainer.exitCode()).isEqualTo(137);
    }

    @Test
    void aLostLeaseEndsTheTrainerAndTouchesNothing() throws Exception {
        trainer.says(STARTED);
        Thread running = Thread.ofVirtual().start(this::runQuietly);
        trainer.started.get();
        jobs.setLease(LeaseState.LOST);

        running.join();

        assertThat(trainer.askedToEnd).isNotDone();
        assertThat(trainer.exitCode()).isEqualTo(137);
        assertThat(jobs.failures).isZero();
        assertThat(jobs.released).isEmpty();
        assertThat(workspace().trainingFile()).exists();
    }

    @Test
    void aShutdownLetsTheTrainerWriteItsCheckpointAndGivesTheJobBack() throws Exception {
        trainer.says(STARTED).saysGoodbyeWith(new TrainingEvent.Stopped(1, "SIGTERM"));
        TrainingRun run = run();
        Thread running = Thread.ofVirtual().start(() -> runQuietly(run));
        trainer.started.get();
        run.shutDown();

        running.join();

        assertThat(jobs.state).isEqualTo(JobState.RUNNING);
        assertThat(jobs.released).contains(Duration.ZERO);
        assertThat(workspace().trainingFile()).exists();
    }

    @Test
    void aDeletedFileFailsTheJobWithItsParameter() throws Exception {
        fileIsGone = true;

        run().run();

        assertThat(jobs.error)
                .contains(new JobError("file_not_found", "the file was deleted", Optional.of("training_file")));
    }

    @Test
    void aFullDiskIsTriedAgainAndLosesNothing() throws Exception {
        archiveIsFull = true;
        trainer.says(new TrainingEvent.Finished(directory.resolve("adapter"), 4, 1234))
                .ends(0);

        run().run();

        assertThat(jobs.state).isEqualTo(JobState.RUNNING);
        assertThat(jobs.notes).singleElement().asString().contains("is the disk full?");
        assertThat(workspace().trainingFile()).exists();
    }

    private Workspace workspace() {
        return Workspace.of(directory, FakeJobs.JOB);
    }

    private TrainingRun run() {
        return run(TestTrainerConfig.standard());
    }

    private TrainingRun run(TrainerConfig config) {
        TrainingRun.Tools tools = new TrainingRun.Tools(
                jobs, jobs, trainer, new TrainingPlan(new Inputs(), "auto", config.checkpointSteps()), this::archive);
        return new TrainingRun(FakeJobs.CLAIM, workspace(), tools, config);
    }

    private Optional<String> archive(FinishedTraining finished) throws IOException {
        if (archiveIsFull) {
            throw new IOException("No space left on device");
        }
        archived.add(finished);
        return Optional.empty();
    }

    private void runQuietly() {
        runQuietly(TestTrainerConfig.standard());
    }

    private void runQuietly(TrainerConfig config) {
        runQuietly(run(config));
    }

    private static void runQuietly(TrainingRun run) {
        try {
            run.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Inputs implements TrainingInputs {
        @Override
        public void fetch(TenantId tenant, String fileId, String param, Path target)
                throws IOException, MissingInputException {
            if (fileIsGone) {
                throw new MissingInputException(param, "the file was deleted");
            }
            Files.writeString(target, "{}\n{}\n{}\n{}\n");
        }

        @Override
        public Path baseModel(String id, String sha256) {
            return Path.of(id + ".gguf");
        }
    }
}
