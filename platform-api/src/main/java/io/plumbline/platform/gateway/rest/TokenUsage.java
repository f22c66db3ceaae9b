package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.usage.Tokens;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Tokens of one answer, all choices together. */
@Schema(name = "ChatUsage")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TokenUsage(long promptTokens, long completionTokens, long totalTokens, Details promptTokensDetails) {
    static TokenUsage of(Tokens tokens) {
        return new TokenUsage(tokens.prompt(), tokens.completion(), tokens.total(), new Details(tokens.cached()));
    }

    /** @param cachedTokens taken from the prefix cache */
    @Schema(name = "ChatPromptTokensDetails")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Details(long cachedTokens) {}
}
