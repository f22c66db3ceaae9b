package io.plumbline.finetune.job;

import io.plumbline.finetune.training.TrainingEvent;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import java.util.Optional;
import java.util.function.Function;

/** Writes as the tenant who owns the job, after checking the fencing token under a row lock. */
@ApplicationScoped
class DatabaseJobLedger implements JobLedger {
    private final FineTuningJobRepository jobs;
    private final TrainingEventWriter writer;
    private final JobJournal journal;
    private final TenantScope tenants;

    @Inject
    DatabaseJobLedger(
            FineTuningJobRepository jobs, TrainingEventWriter writer, JobJournal journal, TenantScope tenants) {
        this.jobs = jobs;
        this.writer = writer;
        this.journal = journal;
        this.tenants = tenants;
    }

    @Override
    public FineTuningJob read(ClaimedJob claim) {
        return holding(claim, JobViews::job);
    }

    @Override
    public void queue(ClaimedJob claim, Hyperparameters chosen, String message) {
        change(claim, job -> {
            job.epochs = chosen.epochs().orElseThrow();
            job.batchSize = chosen.batchSize().orElseThrow();
            job.multiplier = chosen.learningRateMultiplier().orElseThrow();
            journal.message(job, JobEvent.Level.INFO, message);
            journal.move(job, JobState.QUEUED);
            journal.message(job, JobEvent.Level.INFO, "Files validated, moving job to queued state");
        });
    }

    @Override
    public FineTuningJob start(ClaimedJob claim) {
        return holding(claim, job -> {
            if (job.state == JobState.QUEUED) {
                journal.move(job, JobState.RUNNING);
                job.startedAt = journal.now();
                journal.message(job, JobEvent.Level.INFO, "Fine-tuning job started");
            }
            return JobViews.job(job);
        });
    }

    @Override
    public void record(ClaimedJob claim, TrainingEvent event) {
        change(claim, job -> writer.write(job, event));
    }

    @Override
    public void note(ClaimedJob claim, JobEvent.Level level, String message) {
        change(claim, job -> journal.message(job, level, message));
    }

    @Override
    public void succeed(ClaimedJob claim, long trainedTokens, Optional<String> resultFile) {
        change(claim, job -> {
            job.fineTunedModel = JobViews.job(job).modelName();
            job.trainedTokens = trainedTokens;
            job.resultFile = resultFile.orElse(null);
            journal.message(job, JobEvent.Level.INFO, "New fine-tuned model created: " + job.fineTunedModel);
            journal.move(job, JobState.SUCCEEDED);
            journal.message(job, JobEvent.Level.INFO, "The job has successfully completed");
        });
    }

    @Override
    public void fail(ClaimedJob claim, JobError error) {
        change(claim, job -> {
            job.errorCode = error.code();
            job.errorMessage = error.message();
            job.errorParam = error.param().orElse(null);
            journal.move(job, JobState.FAILED);
            journal.message(job, JobEvent.Level.ERROR, error.message());
        });
    }

    @Override
    public int countFailure(ClaimedJob claim) {
        return holding(claim, job -> ++job.failures);
    }

    private void change(ClaimedJob claim, java.util.function.Consumer<FineTuningJobEntity> work) {
        holding(claim, job -> {
            work.accept(job);
            return true;
        });
    }

    private <T> T holding(ClaimedJob claim, Function<FineTuningJobEntity, T> work) {
        return tenants.callAs(
                claim.tenant(), () -> QuarkusTransaction.requiringNew().call(() -> work.apply(held(claim))));
    }

    private FineTuningJobEntity held(ClaimedJob claim) {
        FineTuningJobEntity job = jobs.findById(claim.job().value(), LockModeType.PESSIMISTIC_WRITE);
        if (job == null || job.leaseToken != claim.token()) {
            throw new LeaseLostException(claim.job(), LeaseState.LOST);
        }
        if (job.state.terminal()) {
            throw new LeaseLostException(claim.job(), LeaseState.ENDED);
        }
        return job;
    }
}
