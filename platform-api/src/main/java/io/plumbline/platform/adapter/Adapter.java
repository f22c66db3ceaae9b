package io.plumbline.platform.adapter;

import io.plumbline.inference.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A finished adapter and what it came from.
 *
 * @param id names the row
 * @param tenant the owner
 * @param model name under which it is deployed, {@code ft:…}
 * @param sha256 digest of its files, lower-case hex
 * @param bytes size of its files
 * @param lineage what it came from
 * @param chatTemplate the template it was trained with; empty = that of the base model
 * @param createdBy subject of the caller whose job it was
 * @param createdAt when it was stored
 */
public record Adapter(
        String id,
        TenantId tenant,
        String model,
        String sha256,
        long bytes,
        Lineage lineage,
        Optional<String> chatTemplate,
        String createdBy,
        Instant createdAt) {

    /**
     * What an adapter came from.
     *
     * @param job fine-tuning job
     * @param baseModel id of the frozen base
     * @param baseModelSha256 digest of its file
     * @param trainingFile file id
     * @param trainingFileSha256 digest of the training rows
     * @param steps optimiser steps
     * @param trainedTokens tokens of all steps
     * @param trainLoss of the last step
     * @param firstValidLoss held-out loss before training
     * @param validLoss held-out loss after it
     */
    public record Lineage(
            String job,
            String baseModel,
            String baseModelSha256,
            String trainingFile,
            String trainingFileSha256,
            int steps,
            long trainedTokens,
            Optional<Double> trainLoss,
            Optional<Double> firstValidLoss,
            Optional<Double> validLoss) {}
}
