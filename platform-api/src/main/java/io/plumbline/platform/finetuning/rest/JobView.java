package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobError;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** OpenAI's fine-tuning job; times are Unix seconds. {@code plumbline} is ours. */
@Schema(name = "FineTuningJob")
public record JobView(
        String object,
        String id,
        String model,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("finished_at") @Nullable Long finishedAt,
        @JsonProperty("estimated_finish") @Nullable Long estimatedFinish,
        @JsonProperty("fine_tuned_model") @Nullable String fineTunedModel,
        @JsonProperty("organization_id") String organizationId,
        @JsonProperty("result_files") List<String> resultFiles,
        String status,
        @JsonProperty("training_file") String trainingFile,
        @JsonProperty("validation_file") @Nullable String validationFile,
        HyperparametersView hyperparameters,
        @JsonProperty("trained_tokens") @Nullable Long trainedTokens,
        @Nullable ErrorView error,
        List<String> integrations,
        long seed,
        MethodView method,
        @JsonProperty("user_provided_suffix") @Nullable String userProvidedSuffix,
        Map<String, String> metadata,
        ExtensionView plumbline) {

    /** Numbers, or {@code "auto"} while they are not chosen yet. */
    @Schema(name = "FineTuningHyperparametersView")
    public record HyperparametersView(
            @JsonProperty("n_epochs") Object epochs,
            @JsonProperty("batch_size") Object batchSize,
            @JsonProperty("learning_rate_multiplier") Object learningRateMultiplier) {
        static HyperparametersView of(Hyperparameters h) {
            return new HyperparametersView(
                    orAuto(h.epochs()), orAuto(h.batchSize()), orAuto(h.learningRateMultiplier()));
        }

        private static Object orAuto(Optional<? extends Number> number) {
            return number.isPresent() ? number.get() : "auto";
        }
    }

    @Schema(name = "FineTuningMethodView")
    public record MethodView(String type, SupervisedView supervised) {}

    @Schema(name = "FineTuningSupervisedView")
    public record SupervisedView(HyperparametersView hyperparameters) {}

    @Schema(name = "FineTuningJobError")
    public record ErrorView(
            String code, String message, @Nullable String param) {
        static ErrorView of(JobError error) {
            return new ErrorView(error.code(), error.message(), error.param().orElse(null));
        }
    }

    /**
     * What goes beyond OpenAI.
     *
     * @param learningRate peak learning rate at multiplier 1
     * @param step optimiser steps done
     * @param totalSteps 0 = not known yet
     * @param trainLoss of the last step, mean per target token
     * @param firstValidLoss held-out loss before training
     * @param validLoss held-out loss measured last
     */
    @Schema(name = "FineTuningExtensionView")
    public record ExtensionView(
            int rank,
            double alpha,
            @JsonProperty("target_modules") List<String> targetModules,
            @JsonProperty("max_tokens") int maxTokens,
            @JsonProperty("learning_rate") double learningRate,
            @JsonProperty("chat_template") @Nullable String chatTemplate,
            String priority,
            int step,
            @JsonProperty("total_steps") int totalSteps,
            @JsonProperty("train_loss") @Nullable Double trainLoss,
            @JsonProperty("first_valid_loss") @Nullable Double firstValidLoss,
            @JsonProperty("valid_loss") @Nullable Double validLoss) {
        static ExtensionView of(FineTuningJob job) {
            return new ExtensionView(
                    job.settings().lora().rank(),
                    job.settings().lora().alpha(),
                    job.settings().lora().targetModules(),
                    job.settings().maxTokens(),
                    job.settings().baseLearningRate(),
                    job.settings().chatTemplate().orElse(null),
                    job.settings().priority().wireName(),
                    job.progress().stepsDone(),
                    job.progress().totalSteps(),
                    job.progress().trainLoss().orElse(null),
                    job.progress().firstValidLoss().orElse(null),
                    job.progress().validLoss().orElse(null));
        }
    }

    /** @param now for the estimate */
    static JobView of(FineTuningJob job, Instant now) {
        HyperparametersView hyperparameters =
                HyperparametersView.of(job.chosen().orElse(job.requested()));
        return new JobView(
                "fine_tuning.job",
                job.id().value(),
                job.files().baseModel(),
                job.createdAt().getEpochSecond(),
                job.finishedAt().map(Instant::getEpochSecond).orElse(null),
                job.estimatedFinish(now).map(Instant::getEpochSecond).orElse(null),
                job.result().map(FineTuningJob.Result::model).orElse(null),
                job.tenant().value(),
                job.result().flatMap(FineTuningJob.Result::resultFile).stream().toList(),
                job.state().wireName(),
                job.files().trainingFile(),
                job.files().validationFile().orElse(null),
                hyperparameters,
                job.result().map(FineTuningJob.Result::trainedTokens).orElse(null),
                job.error().map(ErrorView::of).orElse(null),
                List.of(),
                job.settings().seed(),
                new MethodView("supervised", new SupervisedView(hyperparameters)),
                job.suffix().orElse(null),
                job.metadata(),
                ExtensionView.of(job));
    }
}
