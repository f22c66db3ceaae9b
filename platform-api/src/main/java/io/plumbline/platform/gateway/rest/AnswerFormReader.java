package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.UnsupportedParameter;
import io.plumbline.platform.gateway.AnswerForm;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads which form an answer is to have: {@code response_format}, {@code structured_outputs}, {@code tools}. */
final class AnswerFormReader {
    private static final int MOST_TOOLS = 128;

    private AnswerFormReader() {}

    static AnswerForm read(ChatRequest request) {
        OutputConstraint format = format(request);
        List<ToolFunction> tools = tools(request.tools());
        @Nullable JsonNode choice = request.toolChoice();
        boolean several = !Boolean.FALSE.equals(request.parallelToolCalls());
        if (tools.isEmpty()) {
            if (given(choice) && !isText(choice, "none") && !isText(choice, "auto")) {
                throw new InvalidRequest("tool_choice", "'tool_choice' needs 'tools'.");
            }
            return new AnswerForm(format, List.of());
        }
        if (isText(choice, "none")) {
            return new AnswerForm(format, List.of()); // what must not be called need not be known
        }
        if (!(format instanceof OutputConstraint.Free)) {
            throw new UnsupportedParameter(
                    "response_format", "Beside 'tools' it is only where 'tool_choice' is \"none\".");
        }
        if (Boolean.TRUE.equals(request.logprobs())) {
            throw new UnsupportedParameter("logprobs", "Beside 'tools' it is only where 'tool_choice' is \"none\".");
        }
        return new AnswerForm(calls(choice, tools, several), tools);
    }

    private static OutputConstraint calls(@Nullable JsonNode choice, List<ToolFunction> tools, boolean several) {
        if (!given(choice) || isText(choice, "auto")) {
            return new OutputConstraint.ToolCalls(tools, ToolUse.AUTO, several);
        }
        if (isText(choice, "required")) {
            return new OutputConstraint.ToolCalls(tools, ToolUse.REQUIRED, several);
        }
        String name = choice == null ? "" : choice.at("/function/name").asText("");
        if (choice == null || !choice.path("type").asText().equals("function") || name.isEmpty()) {
            throw new InvalidRequest(
                    "tool_choice",
                    "'tool_choice' is \"none\", \"auto\", \"required\" or {\"type\": \"function\", \"function\":"
                            + " {\"name\": …}}.");
        }
        List<ToolFunction> named =
                tools.stream().filter(tool -> tool.name().equals(name)).toList();
        if (named.isEmpty()) {
            throw new InvalidRequest("tool_choice", "There is no function '%s' in 'tools'.".formatted(name));
        }
        return new OutputConstraint.ToolCalls(named, ToolUse.REQUIRED, false);
    }

    private static List<ToolFunction> tools(@Nullable JsonNode listed) {
        if (listed == null || listed.isNull()) {
            return List.of();
        }
        if (!listed.isArray() || listed.size() > MOST_TOOLS) {
            throw new InvalidRequest("tools", "'tools' is a list of up to %d functions.".formatted(MOST_TOOLS));
        }
        List<ToolFunction> tools = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < listed.size(); i++) {
            ToolFunction tool = tool("tools[%d]".formatted(i), listed.get(i));
            if (!names.add(tool.name())) {
                throw new InvalidRequest(
                        "tools[%d].function.name".formatted(i),
                        "Two functions are called '%s'; give each a name of its own.".formatted(tool.name()));
            }
            tools.add(tool);
        }
        return tools;
    }

    private static ToolFunction tool(String path, JsonNode tool) {
        if (!tool.path("type").asText().equals("function")) {
            throw new UnsupportedParameter(path + ".type", "Tools of type function are.");
        }
        JsonNode function = tool.path("function");
        JsonNode parameters = function.path("parameters");
        if (!parameters.isMissingNode() && !parameters.isNull() && !parameters.isObject()) {
            throw new InvalidRequest(
                    path + ".function.parameters", "'%s.function.parameters' is a JSON Schema.".formatted(path));
        }
        try {
            return new ToolFunction(
                    function.path("name").asText(""),
                    function.path("description").asText(""),
                    parameters.isObject() ? parameters.toString() : "",
                    function.path("strict").asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new InvalidRequest(
                    path + ".function.name",
                    "'%s.function.name' has 1 to 64 letters, digits, underscores and hyphens.".formatted(path));
        }
    }

    private static OutputConstraint format(ChatRequest request) {
        Optional<OutputConstraint> format = Optional.ofNullable(request.responseFormat())
                .filter(AnswerFormReader::given)
                .map(AnswerFormReader::responseFormat);
        Optional<OutputConstraint> structured = Optional.ofNullable(request.structuredOutputs())
                .filter(AnswerFormReader::given)
                .map(AnswerFormReader::structured);
        if (format.filter(f -> !(f instanceof OutputConstraint.Free)).isPresent() && structured.isPresent()) {
            throw new InvalidRequest("structured_outputs", "Give 'response_format' or 'structured_outputs', not both.");
        }
        return structured.or(() -> format).orElse(OutputConstraint.free());
    }

    private static OutputConstraint responseFormat(JsonNode format) {
        return switch (format.path("type").asText()) {
            case "text" -> OutputConstraint.free();
            case "json_object" -> new OutputConstraint.JsonObject();
            case "json_schema" -> {
                JsonNode described = format.path("json_schema");
                JsonNode schema = described.path("schema");
                if (!schema.isObject()) {
                    throw new InvalidRequest(
                            "response_format.json_schema.schema",
                            "'response_format.json_schema.schema' is required: a JSON Schema.");
                }
                if (!described.path("name").isTextual()) {
                    throw new InvalidRequest(
                            "response_format.json_schema.name", "'response_format.json_schema.name' is required.");
                }
                yield new OutputConstraint.JsonSchema(
                        schema.toString(), described.path("strict").asBoolean(false));
            }
            default ->
                throw new InvalidRequest(
                        "response_format.type", "'response_format.type' is text, json_object or json_schema.");
        };
    }

    private static OutputConstraint structured(JsonNode structured) {
        JsonNode regex = structured.path("regex");
        JsonNode choice = structured.path("choice");
        JsonNode json = structured.path("json");
        if (structured.size() == 1 && regex.isTextual()) {
            return new OutputConstraint.Regex(regex.textValue());
        }
        if (structured.size() == 1 && choice.isArray()) {
            List<String> texts = new ArrayList<>();
            choice.forEach(text -> texts.add(text.isTextual() ? text.textValue() : ""));
            return new OutputConstraint.OneOf(texts);
        }
        if (structured.size() == 1 && json.isObject()) {
            return new OutputConstraint.JsonSchema(json.toString(), true);
        }
        if (structured.size() == 1 && structured.path("json_object").asBoolean(false)) {
            return new OutputConstraint.JsonObject();
        }
        throw new InvalidRequest(
                "structured_outputs",
                "'structured_outputs' is one of {\"regex\": …}, {\"choice\": […]}, {\"json\": {schema}},"
                        + " {\"json_object\": true}.");
    }

    private static boolean given(@Nullable JsonNode value) {
        return value != null && !value.isNull();
    }

    private static boolean isText(@Nullable JsonNode value, String text) {
        return value != null && value.isTextual() && value.textValue().equals(text);
    }
}
