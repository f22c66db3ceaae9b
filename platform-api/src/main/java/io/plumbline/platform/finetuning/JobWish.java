package io.plumbline.platform.finetuning;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody asks for, before anything of it was checked.
 *
 * @param model base model id
 * @param trainingFile file id
 * @param validationFile file id of held-out rows
 * @param hyperparameters OpenAI's settings; empty = {@code auto}
 * @param settings ours; empty = the default
 * @param suffix the tenant's part of the model name
 * @param metadata the tenant's notes
 */
public record JobWish(
        Optional<String> model,
        Optional<String> trainingFile,
        Optional<String> validationFile,
        HyperparameterWish hyperparameters,
        SettingWish settings,
        Optional<String> suffix,
        Map<String, String> metadata) {
    /**
     * OpenAI's settings.
     *
     * @param path what the names of parameters begin with in refusals, such as {@code hyperparameters.}
     */
    public record HyperparameterWish(
            String path,
            Optional<Integer> epochs,
            Optional<Integer> batchSize,
            Optional<Double> learningRateMultiplier) {}

    /**
     * What goes beyond them.
     *
     * @param rank of the low-rank delta
     * @param alpha scale = alpha/rank
     * @param targetModules which layers
     * @param maxTokens rows are cut to this many
     * @param learningRate peak learning rate at multiplier 1
     * @param chatTemplate Jinja source
     * @param priority low, normal or high
     * @param seed empty = random
     */
    public record SettingWish(
            Optional<Integer> rank,
            Optional<Double> alpha,
            Optional<List<String>> targetModules,
            Optional<Integer> maxTokens,
            Optional<Double> learningRate,
            Optional<String> chatTemplate,
            Optional<String> priority,
            Optional<Long> seed) {}
}
