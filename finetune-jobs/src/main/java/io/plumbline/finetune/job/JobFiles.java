package io.plumbline.finetune.job;

import java.util.Optional;

/**
 * What a job learns from.
 *
 * @param baseModel id of the frozen base
 * @param baseModelSha256 digest of its file, lower-case hex
 * @param trainingFile file id
 * @param trainingFileSha256 digest of its content, lower-case hex
 * @param validationFile file id of held-out rows
 */
public record JobFiles(
        String baseModel,
        String baseModelSha256,
        String trainingFile,
        String trainingFileSha256,
        Optional<String> validationFile) {}
