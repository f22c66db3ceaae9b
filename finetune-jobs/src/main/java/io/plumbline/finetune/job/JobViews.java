package io.plumbline.finetune.job;

import io.plumbline.finetune.job.FineTuningJob.Progress;
import io.plumbline.finetune.job.FineTuningJob.Result;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.inference.TenantId;
import java.util.List;
import java.util.Optional;

/** From rows to what leaves the package. */
final class JobViews {
    private JobViews() {}

    static FineTuningJob job(FineTuningJobEntity e) {
        return new FineTuningJob(
                new JobId(e.id),
                TenantId.of(e.tenant),
                e.state,
                new JobFiles(
                        e.baseModel,
                        e.baseModelSha256,
                        e.trainingFile,
                        e.trainingFileSha256,
                        Optional.ofNullable(e.validationFile)),
                new Hyperparameters(
                        Optional.ofNullable(e.requestedEpochs),
                        Optional.ofNullable(e.requestedBatchSize),
                        Optional.ofNullable(e.requestedMultiplier)),
                chosen(e),
                settings(e),
                e.suffix.isEmpty() ? Optional.empty() : Optional.of(e.suffix),
                JobData.texts(e.metadata),
                e.createdBy,
                e.createdAt,
                Optional.ofNullable(e.startedAt),
                Optional.ofNullable(e.finishedAt),
                new Progress(
                        e.stepsDone,
                        e.totalSteps,
                        Optional.ofNullable(e.trainLoss),
                        Optional.ofNullable(e.firstValidLoss),
                        Optional.ofNullable(e.validLoss)),
                result(e),
                error(e));
    }

    private static Optional<Hyperparameters> chosen(FineTuningJobEntity e) {
        return e.epochs == null
                ? Optional.empty()
                : Optional.of(new Hyperparameters(
                        Optional.of(e.epochs), Optional.ofNullable(e.batchSize), Optional.ofNullable(e.multiplier)));
    }

    private static JobSettings settings(FineTuningJobEntity e) {
        return new JobSettings(
                new LoraSettings(e.loraRank, e.loraAlpha, false, List.of(e.targetModules)),
                e.maxTokens,
                e.baseLearningRate,
                Optional.ofNullable(e.chatTemplate),
                e.seed,
                e.priority);
    }

    private static Optional<Result> result(FineTuningJobEntity e) {
        return e.fineTunedModel == null || e.trainedTokens == null
                ? Optional.empty()
                : Optional.of(new Result(e.fineTunedModel, e.trainedTokens, Optional.ofNullable(e.resultFile)));
    }

    private static Optional<JobError> error(FineTuningJobEntity e) {
        return e.errorCode == null || e.errorMessage == null
                ? Optional.empty()
                : Optional.of(new JobError(e.errorCode, e.errorMessage, Optional.ofNullable(e.errorParam)));
    }

    static JobEvent event(JobEventEntity e) {
        return new JobEvent(e.id, e.createdAt, e.level, e.type, e.message, JobData.numbers(e.data));
    }

    static JobCheckpoint checkpoint(JobCheckpointEntity e) {
        return new JobCheckpoint(
                e.id, e.createdAt, e.step, Optional.ofNullable(e.trainLoss), Optional.ofNullable(e.validLoss));
    }
}
