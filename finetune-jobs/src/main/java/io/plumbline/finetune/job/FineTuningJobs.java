package io.plumbline.finetune.job;

import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.util.Optional;

/** The current tenant's fine-tuning jobs. */
@ApplicationScoped
public class FineTuningJobs {
    private final FineTuningJobRepository jobs;
    private final JobEventRepository events;
    private final JobCheckpointRepository checkpoints;
    private final JobJournal journal;

    @Inject
    FineTuningJobs(
            FineTuningJobRepository jobs,
            JobEventRepository events,
            JobCheckpointRepository checkpoints,
            JobJournal journal) {
        this.jobs = jobs;
        this.events = events;
        this.checkpoints = checkpoints;
        this.journal = journal;
    }

    /** Creates a job in {@link JobState#VALIDATING_FILES}; workers take it from there. */
    @Transactional
    public FineTuningJob create(TenantId tenant, NewJob wanted) {
        FineTuningJobEntity job = new FineTuningJobEntity();
        job.id = journal.newJobId().value();
        job.tenant = tenant.value();
        job.state = JobState.VALIDATING_FILES;
        job.baseModel = wanted.files().baseModel();
        job.baseModelSha256 = wanted.files().baseModelSha256();
        job.trainingFile = wanted.files().trainingFile();
        job.trainingFileSha256 = wanted.files().trainingFileSha256();
        job.validationFile = wanted.files().validationFile().orElse(null);
        job.suffix = wanted.suffix().orElse("");
        job.metadata = JobData.write(wanted.metadata());
        job.requestedEpochs = wanted.hyperparameters().epochs().orElse(null);
        job.requestedBatchSize = wanted.hyperparameters().batchSize().orElse(null);
        job.requestedMultiplier =
                wanted.hyperparameters().learningRateMultiplier().orElse(null);
        apply(wanted.settings(), job);
        job.createdBy = wanted.createdBy();
        job.createdAt = journal.now();
        jobs.persist(job);
        journal.created(job);
        journal.message(job, JobEvent.Level.INFO, "Created fine-tuning job: " + job.id);
        journal.message(job, JobEvent.Level.INFO, "Validating training file: " + job.trainingFile);
        return JobViews.job(job);
    }

    private static void apply(JobSettings settings, FineTuningJobEntity job) {
        job.loraRank = settings.lora().rank();
        job.loraAlpha = settings.lora().alpha();
        job.targetModules = settings.lora().targetModules().toArray(String[]::new);
        job.maxTokens = settings.maxTokens();
        job.baseLearningRate = settings.baseLearningRate();
        job.chatTemplate = settings.chatTemplate().orElse(null);
        job.seed = settings.seed();
        job.priority = settings.priority();
    }

    @Transactional
    public Optional<FineTuningJob> find(String id) {
        return jobs.findByIdOptional(id).map(JobViews::job);
    }

    /** The job whose result has that name. */
    @Transactional
    public Optional<FineTuningJob> findByModel(String fineTunedModel) {
        return jobs.byModel(fineTunedModel).map(JobViews::job);
    }

    /**
     * Newest first.
     *
     * @param after id of the last job of the slice before
     * @return empty if the tenant has no job of the id {@code after}
     */
    @Transactional
    public Optional<Slice<FineTuningJob>> list(Optional<String> after, int limit) {
        if (after.isEmpty()) {
            return Optional.of(Slice.of(jobs.newestFirst(limit + 1), limit, JobViews::job));
        }
        return jobs.findByIdOptional(after.get())
                .map(last -> Slice.of(jobs.olderThan(last.createdAt, last.id, limit + 1), limit, JobViews::job));
    }

    /**
     * Newest first.
     *
     * @param after id of the last event of the slice before
     * @return empty if the job has no event of the id {@code after}
     */
    @Transactional
    public Optional<Slice<JobEvent>> events(JobId job, Optional<String> after, int limit) {
        Optional<Long> before = after.isEmpty()
                ? Optional.of(Long.MAX_VALUE)
                : events.findByIdOptional(after.get())
                        .filter(e -> e.job.equals(job.value()))
                        .map(e -> e.seq);
        return before.map(seq -> Slice.of(events.newestFirst(job.value(), seq, limit + 1), limit, JobViews::event));
    }

    /**
     * What happened since, oldest first: for those who follow a job.
     *
     * @param known id of the last event seen; empty = from the beginning
     * @return empty if the job has no event of the id {@code known}
     */
    @Transactional
    public Optional<Slice<JobEvent>> eventsSince(JobId job, Optional<String> known, int limit) {
        Optional<Long> after = known.isEmpty()
                ? Optional.of(Long.MIN_VALUE)
                : events.findByIdOptional(known.get())
                        .filter(e -> e.job.equals(job.value()))
                        .map(e -> e.seq);
        return after.map(seq -> Slice.of(events.oldestFirst(job.value(), seq, limit + 1), limit, JobViews::event));
    }

    /**
     * Newest first.
     *
     * @param after id of the last checkpoint of the slice before
     * @return empty if the job has no checkpoint of the id {@code after}
     */
    @Transactional
    public Optional<Slice<JobCheckpoint>> checkpoints(JobId job, Optional<String> after, int limit) {
        Optional<Integer> before = after.isEmpty()
                ? Optional.of(Integer.MAX_VALUE)
                : checkpoints
                        .findByIdOptional(after.get())
                        .filter(c -> c.job.equals(job.value()))
                        .map(c -> c.step);
        return before.map(
                step -> Slice.of(checkpoints.newestFirst(job.value(), step, limit + 1), limit, JobViews::checkpoint));
    }

    /** Ends a job for good; its trainer notices at its next heartbeat. */
    @Transactional
    public CancelResult cancel(String id) {
        FineTuningJobEntity job = jobs.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (job == null) {
            return new CancelResult.Unknown();
        }
        if (job.state.terminal()) {
            return new CancelResult.AlreadyEnded(JobViews.job(job));
        }
        journal.move(job, JobState.CANCELLED);
        journal.message(job, JobEvent.Level.INFO, "Fine-tuning job cancelled");
        return new CancelResult.Cancelled(JobViews.job(job));
    }
}
