package io.plumbline.platform.moderation.rest;

import com.fasterxml.jackson.databind.JsonNode;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's request for a moderation.
 *
 * @param input a string, an array of strings (one result each), or an array of text parts (one result)
 * @param model the rule set; left out = the active one
 * @param plumbline what OpenAI's request has no field for
 */
@Schema(
        name = "ModerationRequest",
        requiredProperties = {"input"})
public record ModerationRequest(
        @Schema(implementation = Object.class) @Nullable JsonNode input,
        @Nullable String model,
        @Nullable Extension plumbline) {
    /** @param stage input = what people send, output = what a model answers; left out = both */
    @Schema(name = "ModerationRequestExtension")
    public record Extension(@Nullable String stage) {}
}
