package io.plumbline.platform.finetuning;

import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobSettings;
import java.util.Map;
import java.util.Optional;

/**
 * A wish for a fine-tuning job, every value within its range.
 *
 * @param model base model id
 * @param trainingFile file id
 * @param validationFile file id of held-out rows
 * @param hyperparameters OpenAI's settings
 * @param settings ours
 * @param suffix the tenant's part of the model name
 * @param metadata the tenant's notes
 */
public record JobOrder(
        String model,
        String trainingFile,
        Optional<String> validationFile,
        Hyperparameters hyperparameters,
        JobSettings settings,
        Optional<String> suffix,
        Map<String, String> metadata) {}
