package io.plumbline.finetune.job;

import io.plumbline.finetune.training.TrainingEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Turns a trainer's reports into progress, events and checkpoints of its job. A trainer that resumes repeats the steps
 * since its last checkpoint; as training is exact they carry the same figures and are written once.
 */
@ApplicationScoped
class TrainingEventWriter {
    private final JobJournal journal;
    private final JobCheckpointRepository checkpoints;

    @Inject
    TrainingEventWriter(JobJournal journal, JobCheckpointRepository checkpoints) {
        this.journal = journal;
        this.checkpoints = checkpoints;
    }

    void write(FineTuningJobEntity job, TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started started -> started(job, started);
            case TrainingEvent.Stepped stepped -> stepped(job, stepped);
            case TrainingEvent.Evaluated evaluated -> evaluated(job, evaluated);
            case TrainingEvent.Checkpointed checkpointed -> checkpointed(job, checkpointed);
            case TrainingEvent.Warned warned -> journal.message(job, JobEvent.Level.WARN, warned.message());
            // These end a run or only show that it lives; the runner acts on them.
            case TrainingEvent.Heartbeat _,
                    TrainingEvent.Stopped _,
                    TrainingEvent.Finished _,
                    TrainingEvent.Failed _ -> {}
        }
    }

    private void started(FineTuningJobEntity job, TrainingEvent.Started started) {
        job.totalSteps = started.totalSteps();
        String what = "%d steps over %d rows, %d trainable parameters, backend %s"
                .formatted(started.totalSteps(), started.rows(), started.trainableParameters(), started.backend());
        journal.message(
                job,
                JobEvent.Level.INFO,
                started.firstStep() == 0
                        ? "Training: " + what
                        : "Resumed from the checkpoint after step %d: %s".formatted(started.firstStep(), what));
    }

    private void stepped(FineTuningJobEntity job, TrainingEvent.Stepped stepped) {
        int done = stepped.step() + 1;
        if (done <= job.stepsDone) {
            return;
        }
        job.stepsDone = done;
        job.trainLoss = stepped.loss();
        Map<String, Number> data = new LinkedHashMap<>();
        data.put("step", done);
        data.put("total_steps", job.totalSteps);
        putFinite(data, "train_loss", stepped.loss());
        data.put("learning_rate", stepped.learningRate());
        putFinite(data, "gradient_norm", stepped.gradientNorm());
        data.put("tokens", stepped.tokens());
        putFinite(data, "tokens_per_second", stepped.tokensPerSecond());
        journal.metrics(
                job,
                String.format(Locale.ROOT, "Step %d/%d: training loss=%.4f", done, job.totalSteps, stepped.loss()),
                data);
    }

    private void evaluated(FineTuningJobEntity job, TrainingEvent.Evaluated evaluated) {
        if (evaluated.step() <= job.lastEvaluatedStep) {
            return;
        }
        job.lastEvaluatedStep = evaluated.step();
        job.validLoss = evaluated.loss();
        if (job.firstValidLoss == null) {
            job.firstValidLoss = evaluated.loss();
        }
        Map<String, Number> data = new LinkedHashMap<>();
        data.put("step", evaluated.step());
        data.put("total_steps", job.totalSteps);
        putFinite(data, "valid_loss", evaluated.loss());
        data.put("target_tokens", evaluated.targetTokens());
        journal.metrics(
                job,
                String.format(
                        Locale.ROOT,
                        "Step %d/%d: validation loss=%.4f",
                        evaluated.step(),
                        job.totalSteps,
                        evaluated.loss()),
                data);
    }

    private void checkpointed(FineTuningJobEntity job, TrainingEvent.Checkpointed checkpointed) {
        // Progress was made, so what went wrong before it does not count against the job any more.
        job.failures = 0;
        if (checkpoints.exists(job.id, checkpointed.step())) {
            return;
        }
        JobCheckpointEntity checkpoint = new JobCheckpointEntity();
        checkpoint.id = journal.newId("ftckpt_");
        checkpoint.job = job.id;
        checkpoint.step = checkpointed.step();
        checkpoint.createdAt = journal.now();
        checkpoint.trainLoss = job.trainLoss;
        checkpoint.validLoss = job.lastEvaluatedStep == checkpointed.step() ? job.validLoss : null;
        checkpoints.persist(checkpoint);
        journal.message(job, JobEvent.Level.INFO, "Checkpoint created after step " + checkpointed.step());
    }

    /** JSON has no NaN; a figure that is none is left out. */
    private static void putFinite(Map<String, Number> data, String name, double value) {
        if (Double.isFinite(value)) {
            data.put(name, value);
        }
    }
}
