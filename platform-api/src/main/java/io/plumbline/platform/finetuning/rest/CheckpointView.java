package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobCheckpoint;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's checkpoint of a fine-tuning job.
 *
 * @param createdAt Unix seconds
 * @param fineTunedModelCheckpoint its name; a job goes on from it, but only a job's result can be deployed
 */
@Schema(name = "FineTuningJobCheckpoint")
public record CheckpointView(
        String object,
        String id,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("fine_tuned_model_checkpoint") String fineTunedModelCheckpoint,
        @JsonProperty("fine_tuning_job_id") String fineTuningJobId,
        MetricsView metrics,
        @JsonProperty("step_number") int stepNumber) {

    /** Mean losses per target token; what was not measured is left out. */
    @Schema(name = "FineTuningJobCheckpointMetrics")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record MetricsView(
            int step,
            @JsonProperty("train_loss") @Nullable Double trainLoss,
            @JsonProperty("valid_loss") @Nullable Double validLoss,
            @JsonProperty("full_valid_loss") @Nullable Double fullValidLoss) {}

    static CheckpointView of(FineTuningJob job, JobCheckpoint checkpoint) {
        Double validLoss = checkpoint.validLoss().orElse(null);
        return new CheckpointView(
                "fine_tuning.job.checkpoint",
                checkpoint.id(),
                checkpoint.createdAt().getEpochSecond(),
                job.modelName() + ":ckpt-step-" + checkpoint.step(),
                job.id().value(),
                new MetricsView(checkpoint.step(), checkpoint.trainLoss().orElse(null), validLoss, validLoss),
                checkpoint.step());
    }
}
