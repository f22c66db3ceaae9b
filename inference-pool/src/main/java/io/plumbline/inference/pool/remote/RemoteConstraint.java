package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.inference.pool.remote.RemoteDialect.Ability;
import java.util.List;
import java.util.stream.Collectors;

/** The form of an answer in the words of the OpenAI API, or of vLLM where that API has none. */
final class RemoteConstraint {
    private RemoteConstraint() {}

    /**
     * Adds a constraint to a request.
     *
     * @param engine its name, for refusals
     * @throws InferenceException.InvalidConstraint if the server cannot hold an answer to it
     */
    static void put(OutputConstraint constraint, RemoteDialect dialect, String engine, ObjectNode body) {
        switch (constraint) {
            case OutputConstraint.Free _ -> {
                // Nothing to ask for.
            }
            case OutputConstraint.JsonObject _ ->
                body.putObject("response_format").put("type", "json_object");
            case OutputConstraint.JsonSchema(String schema, boolean strict) -> {
                ObjectNode format = body.putObject("response_format").put("type", "json_schema");
                ObjectNode described =
                        format.putObject("json_schema").put("name", "answer").put("strict", strict);
                described.set("schema", RemoteTools.json(schema, "The schema"));
            }
            case OutputConstraint.Regex(String expression) ->
                structured(dialect, engine, "a regular expression", body).put("regex", expression);
            case OutputConstraint.OneOf(List<String> texts) -> {
                if (dialect.can(Ability.GRAMMAR)) {
                    body.put("grammar", grammar(texts));
                } else {
                    var choices = structured(dialect, engine, "a choice of texts", body)
                            .putArray("choice");
                    texts.forEach(choices::add);
                }
            }
            case OutputConstraint.ToolCalls calls -> toolCalls(calls, dialect, body);
        }
        if (body.has("tools") && !body.has("tool_choice")) {
            // Known from the conversation, but not to be called in this answer.
            body.put("tool_choice", "none");
        }
    }

    /** Tools that the conversation names and the form leaves out must not be called. */
    private static void toolCalls(OutputConstraint.ToolCalls calls, RemoteDialect dialect, ObjectNode body) {
        boolean one = calls.tools().size() == 1 && calls.use() == ToolUse.REQUIRED;
        boolean all = body.path("tools").size() == calls.tools().size();
        if (one && !all && body.has("tools") && dialect != RemoteDialect.LLAMA_CPP) {
            ObjectNode choice = body.putObject("tool_choice").put("type", "function");
            choice.putObject("function").put("name", calls.tools().getFirst().name());
        } else {
            if (!all) {
                RemoteTools.functions(calls.tools(), dialect, body.putArray("tools"));
            }
            body.put("tool_choice", calls.use() == ToolUse.REQUIRED ? "required" : "auto");
        }
        body.put("parallel_tool_calls", calls.several());
        if (dialect.can(Ability.TELLS_EVERY_TOKEN)) {
            body.put("return_token_ids", true);
        }
    }

    /** The texts as a grammar of llama.cpp (GBNF). */
    private static String grammar(List<String> texts) {
        return texts.stream().map(RemoteConstraint::literal).collect(Collectors.joining(" | ", "root ::= ", ""));
    }

    private static String literal(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').appendCodePoint(c);
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> quoted.appendCodePoint(c);
            }
        });
        return quoted.append('"').toString();
    }

    /** A parameter of vLLM, which Plumbline takes too. */
    private static ObjectNode structured(RemoteDialect dialect, String engine, String what, ObjectNode body) {
        if (!dialect.can(Ability.STRUCTURED_OUTPUTS)) {
            throw new InferenceException.InvalidConstraint(
                    "The engine '%s', which serves this model, cannot hold an answer to %s; use a JSON Schema instead."
                            .formatted(engine, what));
        }
        return body.putObject("structured_outputs");
    }
}
