package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobError;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobFiles;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobLedger;
import io.plumbline.finetune.job.JobPriority;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.job.JobSettings;
import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.LeaseLostException;
import io.plumbline.finetune.job.LeaseState;
import io.plumbline.finetune.training.TrainingEvent;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.inference.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Queue and ledger of one job in memory, with the rules of the real ones. */
final class FakeJobs implements JobQueue, JobLedger {
    static final TenantId TENANT = TenantId.of("hospital");
    static final JobId JOB = new JobId("ftjob-0123456789abcdefghijklmn");
    static final ClaimedJob CLAIM = new ClaimedJob(TENANT, JOB, 1);

    final List<TrainingEvent> recorded = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    LeaseState lease = LeaseState.HELD;
    JobState state = JobState.QUEUED;
    Optional<JobError> error = Optional.empty();
    Optional<Long> trainedTokens = Optional.empty();
    Optional<Duration> released = Optional.empty();
    Optional<Hyperparameters> chosen =
            Optional.of(new Hyperparameters(Optional.of(3), Optional.of(4), Optional.of(1.0)));
    int failures;

    @Override
    public Optional<ClaimedJob> claim(Work work, String owner, Duration lease) {
        throw new UnsupportedOperationException("a run does not claim");
    }

    @Override
    public void releaseAll(String owner) {
        throw new UnsupportedOperationException("a run does not release others");
    }

    @Override
    public synchronized LeaseState renew(ClaimedJob claim, Duration duration) {
        return lease;
    }

    @Override
    public synchronized void release(ClaimedJob claim, Duration pause) {
        released = Optional.of(pause);
    }

    @Override
    public Set<JobId> unfinished() {
        return state.terminal() ? Set.of() : Set.of(JOB);
    }

    @Override
    public synchronized FineTuningJob read(ClaimedJob claim) {
        check();
        return job();
    }

    @Override
    public synchronized void queue(ClaimedJob claim, Hyperparameters newChosen, String message) {
        check();
        chosen = Optional.of(newChosen);
        state = JobState.QUEUED;
        notes.add(message);
    }

    @Override
    public synchronized FineTuningJob start(ClaimedJob claim) {
        check();
        state = JobState.RUNNING;
        return job();
    }

    @Override
    public synchronized void record(ClaimedJob claim, TrainingEvent event) {
        check();
        recorded.add(event);
    }

    @Override
    public synchronized void note(ClaimedJob claim, JobEvent.Level level, String message) {
        check();
        notes.add(message);
    }

    @Override
    public synchronized void succeed(ClaimedJob claim, long tokens, Optional<String> resultFile) {
        check();
        trainedTokens = Optional.of(tokens);
        state = JobState.SUCCEEDED;
    }

    @Override
    public synchronized void fail(ClaimedJob claim, JobError newError) {
        check();
        error = Optional.of(newError);
        state = JobState.FAILED;
    }

    @Override
    public synchronized int countFailure(ClaimedJob claim) {
        check();
        return ++failures;
    }

    synchronized void setLease(LeaseState newLease) {
        lease = newLease;
    }

    private void check() {
        if (lease != LeaseState.HELD) {
            throw new LeaseLostException(JOB, lease);
        }
    }

    private FineTuningJob job() {
        return new FineTuningJob(
                JOB,
                TENANT,
                state,
                new JobFiles("base", "00", "file-train", "11", Optional.empty()),
                Hyperparameters.auto(),
                chosen,
                new JobSettings(LoraSettings.defaults(), 128, 2e-4, Optional.empty(), 7, JobPriority.NORMAL),
                Optional.of("test"),
                Map.of(),
                "engineer@hospital.example",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty(),
                new FineTuningJob.Progress(0, 0, Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty(),
                error);
    }
}
