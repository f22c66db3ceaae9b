package io.plumbline.finetune.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobError;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobLedger;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.job.LeaseLostException;
import io.plumbline.finetune.job.LeaseState;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's attempt at one job: start a trainer, write down what it reports, act on how it ends. A job has as many
 * attempts as it takes; each goes on from the last checkpoint.
 */
final class TrainingRun {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);
    private static final Duration OUTAGE_PAUSE = Duration.ofSeconds(1);

    /**
     * What a run works with.
     *
     * @param launcher starts trainers
     * @param plan makes specs
     * @param archive keeps results
     */
    record Tools(
            JobQueue queue, JobLedger ledger, TrainerLauncher launcher, TrainingPlan plan, TrainingArchive archive) {}

    private final ClaimedJob claim;
    private final Workspace workspace;
    private final Tools tools;
    private final TrainerConfig config;
    private final LeaseKeeper keeper;
    private final DatabaseOutage outage;

    TrainingRun(ClaimedJob claim, Workspace workspace, Tools tools, TrainerConfig config) {
        this.claim = claim;
        this.workspace = workspace;
        this.tools = tools;
        this.config = config;
        keeper = LeaseKeeper.start(claim, tools.queue(), config);
        outage = new DatabaseOutage(OUTAGE_PAUSE, () -> keeper.stopReason().isEmpty());
    }

    /** Ends the attempt; the job goes on later. */
    void shutDown() {
        keeper.stop(StopReason.SHUTDOWN);
    }

    /** Something happened to the job. */
    void lookNow() {
        keeper.lookNow();
    }

    /** Returns when the attempt is over, whatever its outcome. */
    void run() throws InterruptedException {
        try (keeper) {
            train();
        } catch (LeaseLostException e) {
            LOG.info("{}", e.getMessage());
            if (e.state() == LeaseState.ENDED) {
                discard();
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("attempt at {} failed", claim.job(), e);
            giveBack(e);
        }
    }

    private void train() throws IOException, InterruptedException {
        FineTuningJob job = outage.survive(() -> tools.ledger().start(claim));
        Ending ending;
        List<String> lastWords;
        try (TrainerProcess trainer = tools.launcher().start(tools.plan().prepare(job, workspace), workspace)) {
            keeper.guard(trainer);
            ending = follow(trainer);
            keeper.unguard();
            lastWords = trainer.lastWords();
        } catch (MissingInputException e) {
            fail(new JobError("file_not_found", e.explanation(), Optional.of(e.param())));
            return;
        }
        conclude(ending, lastWords);
    }

    private Ending follow(TrainerProcess trainer) throws IOException, InterruptedException {
        Optional<TrainingEvent> told = Optional.empty();
        BufferedReader lines = trainer.events();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            keeper.heard();
            Optional<TrainingEvent> event = parse(line);
            if (event.isPresent() && endsRun(event.get())) {
                told = event;
            }
        }
        int exitCode = trainer.exitCode();
        return switch (told.orElse(null)) {
            case TrainingEvent.Finished finished -> new Ending.Done(finished);
            case TrainingEvent.Failed failed -> new Ending.GaveUp(LastWords.withoutPaths(failed.message()), exitCode);
            case TrainingEvent.Stopped stopped -> new Ending.Stopped(stopped.step());
            case null, default -> new Ending.Vanished(exitCode);
        };
    }

    /** Writes an event down, or says that it is the last. */
    private boolean endsRun(TrainingEvent event) throws InterruptedException {
        return switch (event) {
            case TrainingEvent.Finished _, TrainingEvent.Failed _, TrainingEvent.Stopped _ -> true;
            case TrainingEvent.Heartbeat _ -> false;
            case TrainingEvent.Started _,
                    TrainingEvent.Stepped _,
                    TrainingEvent.Evaluated _,
                    TrainingEvent.Checkpointed _,
                    TrainingEvent.Warned _ -> {
                record(event);
                yield false;
            }
        };
    }

    private void record(TrainingEvent event) throws InterruptedException {
        try {
            outage.survive(() -> tools.ledger().record(claim, event));
        } catch (LeaseLostException e) {
            // The keeper ends the trainer; what it still says is read and dropped, so that it does not block.
            keeper.stop(e.state() == LeaseState.ENDED ? StopReason.JOB_ENDED : StopReason.LEASE_LOST);
        }
    }

    private Optional<TrainingEvent> parse(String line) {
        try {
            return Optional.of(TrainingJson.event(line));
        } catch (JsonProcessingException e) {
            // The last line of a trainer that was killed may be torn.
            LOG.warn("the trainer of {} wrote a line that is no event: {}", claim.job(), e.getOriginalMessage());
            return Optional.empty();
        }
    }

    private void conclude(Ending ending, List<String> lastWords) throws IOException, InterruptedException {
        if (ending instanceof Ending.Done(TrainingEvent.Finished finished) && mayWrite()) {
            succeed(finished);
            return;
        }
        switch (keeper.stopReason().orElse(null)) {
            case JOB_ENDED -> discard();
            case LEASE_LOST -> LOG.warn("{} belongs to another worker now", claim.job());
            case LEASE_EXPIRED, SHUTDOWN -> tools.queue().release(claim, Duration.ZERO);
            case STALLED ->
                tryAgain("reported nothing for %d s".formatted(config.stall().toSeconds()), lastWords);
            case null -> endedByItself(ending, lastWords);
        }
    }

    private boolean mayWrite() {
        return keeper.stopReason().map(r -> r == StopReason.SHUTDOWN).orElse(true);
    }

    private void endedByItself(Ending ending, List<String> lastWords) throws IOException, InterruptedException {
        switch (ending) {
            case Ending.GaveUp gaveUp
            when gaveUp.mayPass() -> tryAgain("gave up (%s)".formatted(gaveUp.message()), List.of());
            case Ending.GaveUp gaveUp -> fail(new JobError("training_failed", gaveUp.message(), Optional.empty()));
            case Ending.Stopped stopped -> {
                note(
                        JobEvent.Level.WARN,
                        "The trainer was asked to stop after step %d; it goes on from there."
                                .formatted(stopped.step()));
                tools.queue().release(claim, Duration.ZERO);
            }
            case Ending.Vanished vanished -> tryAgain(vanished.describe(), lastWords);
            case Ending.Done _ -> throw new IllegalStateException("a finished run has been dealt with");
        }
    }

    private void succeed(TrainingEvent.Finished finished) throws IOException, InterruptedException {
        FineTuningJob job = outage.survive(() -> tools.ledger().read(claim));
        Optional<String> resultFile = tools.archive()
                .store(new FinishedTraining(job, finished.adapter(), finished.steps(), finished.trainedTokens()));
        outage.survive(() -> tools.ledger().succeed(claim, finished.trainedTokens(), resultFile));
        discard();
    }

    private void fail(JobError error) throws IOException, InterruptedException {
        outage.survive(() -> tools.ledger().fail(claim, error));
        discard();
    }

    private void note(JobEvent.Level level, String message) throws InterruptedException {
        outage.survive(() -> tools.ledger().note(claim, level, message));
    }

    private void tryAgain(String what, List<String> lastWords) throws IOException, InterruptedException {
        int failures = outage.survive(() -> tools.ledger().countFailure(claim));
        String words = lastWords.isEmpty() ? "" : " Its last words: " + String.join(" | ", lastWords);
        if (failures >= config.maxFailures()) {
            fail(new JobError(
                    "trainer_failed",
                    "The trainer %s, for the %d. time without progress; giving up.%s Create the job again, or ask the operator to look at the server."
                            .formatted(what, failures, words),
                    Optional.empty()));
            return;
        }
        note(
                JobEvent.Level.WARN,
                "The trainer %s; trying again from the last checkpoint (failure %d of %d).%s"
                        .formatted(what, failures, config.maxFailures(), words));
        tools.queue().release(claim, Duration.ofSeconds(1L << Math.min(failures, 6)));
    }

    /** After a fault of ours: counted as well, so that it cannot repeat for ever. */
    private void giveBack(Exception fault) throws InterruptedException {
        try {
            if (DatabaseOutage.isOutage(fault)) {
                return; // Nothing can be written; the lease expires, and the job goes on from its last checkpoint.
            }
            String reason = fault instanceof IOException
                    ? "could not read or write its files (is the disk full?)"
                    : "met an internal error";
            tryAgain(reason, List.of());
        } catch (IOException | RuntimeException e) {
            LOG.error("could not give {} back; its lease will expire", claim.job(), e);
        }
    }

    private void discard() {
        try {
            workspace.discard();
        } catch (IOException e) {
            LOG.warn("could not delete the workspace of {}: {}", claim.job(), e.toString());
        }
    }
}
