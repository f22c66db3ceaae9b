package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's answer.
 *
 * @param created Unix seconds
 * @param serviceTier by which it was served; left out unless the question asks for one
 * @param metadata as sent with a stored question
 */
@Schema(name = "ChatCompletion")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatCompletion(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        TokenUsage usage,
        @Nullable String serviceTier,
        @Nullable Map<String, String> metadata) {

    /**
     * @param finishReason stop, length, tool_calls or content_filter
     * @param plumbline what rules add to an answer in a form; left out if nothing
     */
    @Schema(name = "ChatChoice")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Choice(
            int index,
            AnswerMessage message,
            @Nullable Logprobs logprobs,
            String finishReason,

            @JsonInclude(JsonInclude.Include.NON_NULL) AnswerNotice.@Nullable Extension plumbline) {}

    /**
     * @param content what the reader sees; where a rule withheld the answer, its message; null beside calls without words
     * @param refusal the rule's message again, for programs; else null
     * @param toolCalls functions that the caller is asked to run; left out if there are none
     */
    @Schema(name = "ChatAnswerMessage")
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record AnswerMessage(
            String role,
            @Nullable String content,
            @Nullable String refusal,

            @JsonProperty("tool_calls") @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<ToolCall> toolCalls) {}

    /** @param type function */
    @Schema(name = "ChatToolCall")
    public record ToolCall(String id, String type, Function function) {}

    /** @param arguments a JSON object, as text */
    @Schema(name = "ChatToolCallFunction")
    public record Function(String name, String arguments) {}
}
