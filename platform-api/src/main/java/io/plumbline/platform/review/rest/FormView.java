package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The form that an answer has to have.
 *
 * @param type json_object, json_schema, regex, choice or tools
 * @param schema with json_schema, as JSON
 * @param regex with regex
 * @param choice with choice: the texts, one of which it is
 * @param tools with tools: the functions that the answer may call
 * @param required with tools: whether it has to call one
 */
@Schema(name = "ReviewForm")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record FormView(
        String type,
        @Nullable String schema,
        @Nullable String regex,
        @Nullable List<String> choice,
        @Nullable List<Tool> tools,
        @Nullable Boolean required) {

    /** Empty if any text would do. */
    static Optional<FormView> of(OutputConstraint form) {
        return Optional.ofNullable(
                switch (form) {
                    case OutputConstraint.Free ignored -> null;
                    case OutputConstraint.JsonObject ignored ->
                        new FormView("json_object", null, null, null, null, null);
                    case OutputConstraint.JsonSchema(String schema, boolean ignored) ->
                        new FormView("json_schema", schema, null, null, null, null);
                    case OutputConstraint.Regex(String expression) ->
                        new FormView("regex", null, expression, null, null, null);
                    case OutputConstraint.OneOf(List<String> texts) ->
                        new FormView("choice", null, null, texts, null, null);
                    case OutputConstraint.ToolCalls calls -> {
                        List<Tool> tools = calls.tools().stream().map(Tool::of).toList();
                        yield new FormView("tools", null, null, null, tools, calls.use() == ToolUse.REQUIRED);
                    }
                });
    }

    /** @param parameters schema of the arguments, as JSON; empty = any object */
    @Schema(name = "ReviewTool")
    public record Tool(String name, String parameters) {
        static Tool of(ToolFunction function) {
            return new Tool(function.name(), function.parameters());
        }
    }
}
