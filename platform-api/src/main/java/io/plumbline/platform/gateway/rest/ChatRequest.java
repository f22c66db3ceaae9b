package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's request for a chat completion, complete; {@link ChatRequestReader} refuses by name what this product does not
 * do. {@code top_k}, {@code min_p} and {@code repetition_penalty} are the usual additions of open engines.
 */
@Schema(
        name = "ChatCompletionRequest",
        requiredProperties = {"model", "messages"})
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ChatRequest(
        @Nullable String model,
        @Nullable List<Message> messages,
        @Nullable Boolean stream,
        @Nullable StreamOptions streamOptions,
        @Nullable Integer n,
        @Schema(implementation = Object.class) @Nullable JsonNode stop,
        @Nullable Integer maxTokens,
        @Nullable Integer maxCompletionTokens,
        @Nullable Double temperature,
        @Nullable Double topP,
        @Nullable Integer topK,
        @Nullable Double minP,
        @Nullable Double repetitionPenalty,
        @Nullable Long seed,
        @Nullable Double presencePenalty,
        @Nullable Double frequencyPenalty,
        @Nullable Map<String, Double> logitBias,
        @Nullable Boolean logprobs,
        @Nullable Integer topLogprobs,
        @Nullable String user,
        @Nullable String safetyIdentifier,
        @Nullable String promptCacheKey,
        @Nullable String serviceTier,
        @Nullable Boolean store,
        @Nullable Map<String, String> metadata,
        @Nullable List<String> modalities,

        @Schema(
                implementation = Object.class,
                description = "{\"type\": \"text\"}, {\"type\": \"json_object\"}, or {\"type\": \"json_schema\","
                        + " \"json_schema\": {\"name\", \"schema\", \"strict\"}}: the answer is held to it token by"
                        + " token. With strict, keywords that cannot be enforced are refused by name; without,"
                        + " they are left out.")
        @Nullable
        JsonNode responseFormat,

        @Schema(
                implementation = Object.class,
                description = "Held to token by token, one of: {\"regex\": expression}, {\"choice\": [texts]},"
                        + " {\"json\": schema}, {\"json_object\": true}")
        @Nullable
        JsonNode structuredOutputs,

        @Schema(
                implementation = Object.class,
                description = "Functions: [{\"type\": \"function\", \"function\": {\"name\", \"description\","
                        + " \"parameters\", \"strict\"}}]. Arguments are held to the parameters' schema.")
        @Nullable
        JsonNode tools,

        @Schema(
                implementation = Object.class,
                description = "none, auto (default), required, or {\"type\": \"function\", \"function\": {\"name\"}}")
        @Nullable
        JsonNode toolChoice,

        @Nullable Boolean parallelToolCalls,
        @Schema(implementation = Object.class) @Nullable JsonNode functions,
        @Schema(implementation = Object.class) @Nullable JsonNode functionCall,
        @Schema(implementation = Object.class) @Nullable JsonNode audio,
        @Schema(implementation = Object.class) @Nullable JsonNode prediction,
        @Schema(implementation = Object.class) @Nullable JsonNode reasoningEffort,
        @Schema(implementation = Object.class) @Nullable JsonNode verbosity,
        @Schema(implementation = Object.class) @Nullable JsonNode webSearchOptions) {

    /**
     * One turn.
     *
     * @param content a string, or parts of type text
     */
    @Schema(name = "ChatMessage")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Message(
            @Nullable String role,
            @Schema(implementation = Object.class) @Nullable JsonNode content,
            @Nullable String name,
            @Nullable String refusal,
            @Schema(implementation = Object.class) @Nullable JsonNode toolCalls,
            @Nullable String toolCallId,
            @Schema(implementation = Object.class) @Nullable JsonNode functionCall,
            @Schema(implementation = Object.class) @Nullable JsonNode audio,
            @Schema(implementation = Object.class) @Nullable JsonNode annotations) {}

    /** @param includeUsage whether a last chunk tells the tokens used */
    @Schema(name = "ChatStreamOptions")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record StreamOptions(
            @Nullable Boolean includeUsage, @Nullable Boolean includeObfuscation) {}
}
