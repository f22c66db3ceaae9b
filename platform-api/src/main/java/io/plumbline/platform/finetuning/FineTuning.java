package io.plumbline.platform.finetuning;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.finetune.job.CancelResult;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.FineTuningJobs;
import io.plumbline.finetune.job.JobCheckpoint;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobFiles;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobState;
import io.plumbline.finetune.job.NewJob;
import io.plumbline.finetune.job.Slice;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.platform.dataset.Purpose;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.dataset.TrainingFiles;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fine-tuning for the caller's tenant. */
@ApplicationScoped
public class FineTuning {
    private final FineTuningJobs jobs;
    private final TrainingFiles files;
    private final BaseModelFiles models;
    private final InferencePool pool;
    private final Event<AuditableAct> acts;

    @Inject
    FineTuning(
            FineTuningJobs jobs,
            TrainingFiles files,
            BaseModelFiles models,
            InferencePool pool,
            Event<AuditableAct> acts) {
        this.jobs = jobs;
        this.files = files;
        this.models = models;
        this.pool = pool;
        this.acts = acts;
    }

    /**
     * Creates a job; it is validated, queued and trained in the background.
     *
     * @throws BaseModelNotFound if the installation has no such base model
     * @throws JobFileNotFound if the tenant has no such file
     * @throws InvalidRequest if a file is for something else, or the wish cannot be met
     */
    public FineTuningJob create(Caller caller, JobOrder order) {
        if (order.model().startsWith("ft:")) {
            throw new InvalidRequest(
                    "model",
                    "'%s' is fine-tuned already; name its base model, and put the rows of both trainings into one file."
                            .formatted(order.model()));
        }
        Path model = models.find(order.model()).orElseThrow(() -> new BaseModelNotFound(order.model()));
        checkModules(order);
        TrainingFile training = file("training_file", order.trainingFile());
        Optional<String> validation =
                order.validationFile().map(id -> file("validation_file", id).id());
        JobFiles what = new JobFiles(
                order.model(), digest(model), training.id(), training.content().hex(), validation);
        NewJob wanted = new NewJob(
                what, order.hyperparameters(), order.settings(), order.suffix(), order.metadata(), caller.subject());
        return QuarkusTransaction.joiningExisting().call(() -> {
            FineTuningJob job = jobs.create(caller.tenant(), wanted);
            log(caller, "fine_tuning_job.created", job);
            return job;
        });
    }

    /** What the trainer would find when the job's turn has come, told at the door. */
    private void checkModules(JobOrder order) {
        List<String> wanted = order.settings().lora().targetModules();
        if (Set.copyOf(wanted).equals(Set.copyOf(LoraSettings.ALL_LINEAR))) {
            return; // all linear modules, whatever the model calls them
        }
        Optional<List<String>> own = pool.baseModels().stream()
                .filter(model -> model.id().equals(order.model()))
                .map(BaseModel::targetModules)
                .findFirst();
        if (own.isPresent() && !own.get().containsAll(wanted)) {
            throw new InvalidRequest(
                    "plumbline.target_modules",
                    "'plumbline.target_modules' of %s are some of %s, each once, not %s."
                            .formatted(order.model(), String.join(", ", own.get()), String.join(", ", wanted)));
        }
    }

    private void log(Caller caller, String type, FineTuningJob job) {
        acts.fire(new AuditableAct(
                type,
                caller.subject(),
                job.id().value(),
                Map.of(
                        "base_model",
                        job.files().baseModel(),
                        "training_file",
                        job.files().trainingFile()),
                Map.of(
                        "base_model",
                        job.files().baseModelSha256(),
                        "training_file",
                        job.files().trainingFileSha256())));
    }

    private TrainingFile file(String param, String id) {
        TrainingFile file;
        try {
            file = files.get(id);
        } catch (NotFound e) {
            throw new JobFileNotFound(param, id);
        }
        if (file.purpose() != Purpose.FINE_TUNE) {
            throw new InvalidRequest(
                    param,
                    "The file '%s' has the purpose %s; upload it again with purpose fine-tune."
                            .formatted(id, file.purpose().wireName()));
        }
        return file;
    }

    private String digest(Path model) {
        try {
            return models.sha256(model);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read base model " + model, e);
        }
    }

    /** @throws JobNotFound if the tenant has no such job */
    public FineTuningJob get(String id) {
        return jobs.find(id).orElseThrow(() -> new JobNotFound(id));
    }

    /** @throws JobNotFound if the tenant has no job of the id {@code after} */
    public Slice<FineTuningJob> list(Optional<String> after, int limit) {
        return jobs.list(after, limit).orElseThrow(() -> new JobNotFound(after.orElseThrow()));
    }

    /** @throws NotFound if the tenant has no such job, or the job no event of the id {@code after} */
    public Slice<JobEvent> events(String id, Optional<String> after, int limit) {
        return jobs.events(get(id).id(), after, limit).orElseThrow(() -> new NotFound("event", after.orElseThrow()));
    }

    /**
     * What happened to a job since, oldest first.
     *
     * @param known id of the last event seen; empty = from the beginning
     * @throws NotFound if the tenant has no such job, or the job no such event
     */
    public Slice<JobEvent> eventsSince(JobId job, Optional<String> known, int limit) {
        return jobs.eventsSince(job, known, limit).orElseThrow(() -> new NotFound("event", known.orElseThrow()));
    }

    /** @throws NotFound if the tenant has no such job, or the job no checkpoint of the id {@code after} */
    public Slice<JobCheckpoint> checkpoints(FineTuningJob job, Optional<String> after, int limit) {
        return jobs.checkpoints(job.id(), after, limit)
                .orElseThrow(() -> new NotFound("checkpoint", after.orElseThrow()));
    }

    /**
     * Ends a job for good; cancelling it once more changes nothing.
     *
     * @throws JobNotFound if the tenant has no such job
     * @throws JobHasEnded if it succeeded or failed
     */
    public FineTuningJob cancel(Caller caller, String id) {
        return QuarkusTransaction.joiningExisting().call(() -> cancelAndLog(caller, id));
    }

    private FineTuningJob cancelAndLog(Caller caller, String id) {
        return switch (jobs.cancel(id)) {
            case CancelResult.Cancelled(FineTuningJob job) -> {
                log(caller, "fine_tuning_job.cancelled", job);
                yield job;
            }
            case CancelResult.AlreadyEnded(FineTuningJob job) when job.state() == JobState.CANCELLED -> job;
            case CancelResult.AlreadyEnded(FineTuningJob job) -> throw new JobHasEnded(id, job.state());
            case CancelResult.Unknown() -> throw new JobNotFound(id);
        };
    }
}
