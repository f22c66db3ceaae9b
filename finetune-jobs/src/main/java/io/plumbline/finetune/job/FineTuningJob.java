package io.plumbline.finetune.job;

import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A fine-tuning job as it is now.
 *
 * @param id names it
 * @param tenant the owner
 * @param state where it is in its life
 * @param files what it learns from
 * @param requested hyperparameters as asked for
 * @param chosen hyperparameters with every {@code auto} decided; empty until the files are checked
 * @param settings what goes beyond OpenAI's settings
 * @param suffix the tenant's part of the model name
 * @param metadata the tenant's notes
 * @param createdBy subject of the caller
 * @param createdAt when it was asked for
 * @param startedAt when training first began
 * @param finishedAt when it reached a terminal state
 * @param progress how far training is
 * @param result what came out; empty unless it succeeded
 * @param error why it failed; empty unless it did
 */
public record FineTuningJob(
        JobId id,
        TenantId tenant,
        JobState state,
        JobFiles files,
        Hyperparameters requested,
        Optional<Hyperparameters> chosen,
        JobSettings settings,
        Optional<String> suffix,
        Map<String, String> metadata,
        String createdBy,
        Instant createdAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Progress progress,
        Optional<Result> result,
        Optional<JobError> error) {

    /**
     * How far training is.
     *
     * @param stepsDone optimiser steps
     * @param totalSteps 0 = not known yet
     * @param trainLoss of the last step, mean per target token
     * @param firstValidLoss held-out loss before training
     * @param validLoss held-out loss measured last
     */
    public record Progress(
            int stepsDone,
            int totalSteps,
            Optional<Double> trainLoss,
            Optional<Double> firstValidLoss,
            Optional<Double> validLoss) {}

    /**
     * What came out.
     *
     * @param model name under which it can be deployed
     * @param trainedTokens tokens of all steps, prompt included
     * @param resultFile file id of the step metrics
     */
    public record Result(String model, long trainedTokens, Optional<String> resultFile) {}

    /** The name that the result of this job has: {@code ft:BASE:TENANT:SUFFIX:ID8}. */
    public String modelName() {
        return "ft:%s:%s:%s:%s".formatted(files.baseModel(), tenant, suffix.orElse(""), id.shortForm());
    }

    /** When it will be done at the speed it had so far; empty unless it runs and did a step. */
    public Optional<Instant> estimatedFinish(Instant now) {
        if (state != JobState.RUNNING || progress.stepsDone() == 0 || startedAt.isEmpty()) {
            return Optional.empty();
        }
        double perStep = (double) (now.toEpochMilli() - startedAt.get().toEpochMilli()) / progress.stepsDone();
        return Optional.of(now.plusMillis(Math.round(perStep * (progress.totalSteps() - progress.stepsDone()))));
    }
}
