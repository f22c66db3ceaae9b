package io.plumbline.platform.embedding.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's request for embeddings.
 *
 * @param input a string or an array of strings
 * @param encodingFormat float or base64
 * @param dimensions length of the vectors; only the model's own
 * @param user changes nothing and is accepted
 */
@Schema(
        name = "EmbeddingRequest",
        requiredProperties = {"model", "input"})
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record EmbeddingRequest(
        @Nullable String model,
        @Schema(implementation = Object.class) @Nullable JsonNode input,
        @Nullable String encodingFormat,
        @Nullable Integer dimensions,
        @Nullable String user) {}
