package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolUse;

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
            case OutputConstraint.OneOf oneOf -> {
                var choices =
                        structured(dialect, engine, "a choice of texts", body).putArray("choice");
                oneOf.texts().forEach(choices::add);
            }
            case OutputConstraint.ToolCalls calls -> {
                if (!body.has("tools")) {
                    RemoteTools.functions(calls.tools(), body.putArray("tools"));
                }
                body.put("tool_choice", calls.use() == ToolUse.REQUIRED ? "required" : "auto");
                body.put("parallel_tool_calls", calls.several());
            }
        }
    }

    /** A parameter of vLLM, which Plumbline takes too. */
    private static ObjectNode structured(RemoteDialect dialect, String engine, String what, ObjectNode body) {
        if (!dialect.structuredOutputs()) {
            throw new InferenceException.InvalidConstraint(
                    "The engine '%s', which serves this model, cannot hold an answer to %s; use a JSON Schema instead."
                            .formatted(engine, what));
        }
        return body.putObject("structured_outputs");
    }
}
