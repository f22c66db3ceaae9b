package io.plumbline.finetune.job;

import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import java.util.Optional;

/**
 * What goes beyond OpenAI's settings.
 *
 * @param lora which layers get a low-rank delta, and how large
 * @param maxTokens rows are cut to this many tokens
 * @param baseLearningRate peak learning rate at multiplier 1
 * @param chatTemplate Jinja source; empty = the template of the base model
 * @param seed of the initial adapter and of the row order
 * @param priority among the tenant's own jobs
 */
public record JobSettings(
        LoraSettings lora,
        int maxTokens,
        double baseLearningRate,
        Optional<String> chatTemplate,
        long seed,
        JobPriority priority) {
    public static final int MAX_TOKENS = 8192;

    public JobSettings {
        if (maxTokens < 16 || maxTokens > MAX_TOKENS) {
            throw new IllegalArgumentException("max_tokens must be 16 to " + MAX_TOKENS);
        }
        if (!(baseLearningRate > 0 && baseLearningRate <= 1)) {
            throw new IllegalArgumentException("learning_rate must be above 0 and at most 1");
        }
    }
}
