package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * One event of a streamed answer.
 *
 * @param serviceTier by which it is served; left out unless the question asks for one
 * @param usage in the last chunk, where it was asked for
 * @param plumbline in a choice's last chunk: which rules fired, and the case that a held choice waits for
 */
@Schema(name = "ChatCompletionChunk")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChatChunk(
        String id,
        String object,
        long created,
        String model,
        List<Choice> choices,
        @Nullable TokenUsage usage,
        @Nullable String serviceTier,
        @Nullable Screening plumbline) {

    /** @param plumbline in a choice's last chunk: what rules add to an answer in a form; left out if nothing */
    @Schema(name = "ChatChunkChoice")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Choice(
            int index,
            Delta delta,
            @Nullable Logprobs logprobs,
            @Nullable String finishReason,

            @JsonInclude(JsonInclude.Include.NON_NULL) AnswerNotice.@Nullable Extension plumbline) {}

    @Schema(name = "ChatDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Delta(
            @Nullable String role,
            @Nullable String content,
            @Nullable String refusal,

            @JsonProperty("tool_calls") @Nullable List<ToolCall> toolCalls) {

        /** A delta that changes nothing. */
        static Delta nothing() {
            return new Delta(null, null, null, null);
        }

        static Delta text(@Nullable String content) {
            return new Delta(null, content, null, null);
        }

        static Delta call(ToolCall call) {
            return new Delta(null, null, null, List.of(call));
        }
    }

    /**
     * A call begins, or more of its arguments.
     *
     * @param index of the call in the choice
     * @param id where it begins
     * @param type function, where it begins
     */
    @Schema(name = "ChatToolCallDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ToolCall(
            int index, @Nullable String id, @Nullable String type, Function function) {
        static ToolCall begins(int index, String id, String name) {
            return new ToolCall(index, id, "function", new Function(name, ""));
        }

        static ToolCall arguments(int index, String text) {
            return new ToolCall(index, null, null, new Function(null, text));
        }
    }

    /** @param name where the call begins */
    @Schema(name = "ChatToolCallFunctionDelta")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Function(@Nullable String name, String arguments) {}

    /**
     * @param verdicts rules that fired, as {@code PRI-001@1}
     * @param caseId the case under which a person decides on the choice; null unless it is held
     */
    @Schema(name = "ChatScreening")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Screening(
            List<String> verdicts,

            @JsonProperty("case") @Nullable String caseId) {}
}
