package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's request for a fine-tuning job; {@code plumbline} is ours.
 *
 * @param model base model id
 * @param trainingFile id of a file with purpose fine-tune
 * @param validationFile id of a file with held-out rows; without it no held-out loss is measured
 * @param hyperparameters the older place of the settings in {@code method}
 * @param method {@code supervised}
 * @param suffix the middle of the model's name
 * @param seed of the initial adapter and of the row order
 * @param metadata notes, up to 16
 * @param integrations none is supported
 * @param plumbline what goes beyond OpenAI
 */
@Schema(
        name = "NewFineTuningJob",
        requiredProperties = {"model", "training_file"})
public record NewJobBody(
        @Nullable String model,
        @JsonProperty("training_file") @Nullable String trainingFile,
        @JsonProperty("validation_file") @Nullable String validationFile,
        @Nullable HyperparametersBody hyperparameters,
        @Nullable MethodBody method,
        @Nullable String suffix,
        @Nullable Long seed,
        @Nullable Map<String, String> metadata,
        @Nullable List<JsonNode> integrations,
        @Nullable ExtensionBody plumbline) {

    /**
     * OpenAI's settings; each may be {@code "auto"}.
     *
     * @param epochs passes over the rows
     * @param batchSize rows a step
     * @param learningRateMultiplier factor on the learning rate
     */
    @Schema(name = "FineTuningHyperparameters")
    public record HyperparametersBody(
            @JsonProperty("n_epochs") @Nullable AutoOr epochs,
            @JsonProperty("batch_size") @Nullable AutoOr batchSize,

            @JsonProperty("learning_rate_multiplier") @Nullable
            AutoOr learningRateMultiplier) {}

    /** @param type {@code supervised} */
    @Schema(name = "FineTuningMethod")
    public record MethodBody(
            @Nullable String type,
            @Nullable SupervisedBody supervised,
            @Nullable JsonNode dpo,
            @Nullable JsonNode reinforcement) {}

    @Schema(name = "FineTuningSupervised")
    public record SupervisedBody(@Nullable HyperparametersBody hyperparameters) {}

    /**
     * What goes beyond OpenAI.
     *
     * @param rank of the low-rank delta, 1 to 256; 8 unless given
     * @param alpha scale = alpha/rank; 16 unless given
     * @param targetModules which layers; all linear ones unless given
     * @param maxTokens rows are cut to this many tokens; 512 unless given
     * @param learningRate peak learning rate at multiplier 1; 0.0002 unless given
     * @param chatTemplate Jinja source; needed for base models that bring none
     * @param priority among the tenant's own jobs: low, normal or high
     */
    @Schema(name = "FineTuningExtension")
    public record ExtensionBody(
            @Nullable Integer rank,
            @Nullable Double alpha,
            @JsonProperty("target_modules") @Nullable List<String> targetModules,
            @JsonProperty("max_tokens") @Nullable Integer maxTokens,
            @JsonProperty("learning_rate") @Nullable Double learningRate,
            @JsonProperty("chat_template") @Nullable String chatTemplate,
            @Nullable String priority) {
        static ExtensionBody empty() {
            return new ExtensionBody(null, null, null, null, null, null, null);
        }
    }
}
