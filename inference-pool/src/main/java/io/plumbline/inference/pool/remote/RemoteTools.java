package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Conversations with tools in the words of the OpenAI API. */
final class RemoteTools {
    private static final JsonMapper JSON = new JsonMapper();

    private RemoteTools() {}

    /** The turns; a tool's result names the call it answers, and if it does not know it, the first one without a result. */
    static void messages(List<ChatMessage> messages, ArrayNode into) {
        Deque<String> open = new ArrayDeque<>();
        for (ChatMessage message : messages) {
            ObjectNode turn = into.addObject().put("role", message.role()).put("content", message.content());
            if (!message.toolCalls().isEmpty()) {
                open.clear();
                ArrayNode calls = turn.putArray("tool_calls");
                for (ToolCall call : message.toolCalls()) {
                    open.add(call.id());
                    calls.addObject()
                            .put("id", call.id())
                            .put("type", "function")
                            .putObject("function")
                            .put("name", call.name())
                            .put("arguments", call.arguments());
                }
            }
            if (message.role().equals("tool")) {
                Optional<String> id = message.toolCallId().or(() -> Optional.ofNullable(open.peek()));
                id.ifPresent(call -> {
                    turn.put("tool_call_id", call);
                    open.remove(call);
                });
            }
        }
    }

    /**
     * The functions that a model may call. Arguments are to have the form that the parameters describe; vLLM holds them to it
     * only where they are called strict.
     */
    static void functions(List<ToolFunction> tools, RemoteDialect dialect, ArrayNode into) {
        for (ToolFunction tool : tools) {
            ObjectNode function = into.addObject().put("type", "function").putObject("function");
            function.put("name", tool.name());
            if (!tool.description().isEmpty()) {
                function.put("description", tool.description());
            }
            if (!tool.parameters().isEmpty()) {
                function.set(
                        "parameters",
                        json(tool.parameters(), "The parameters of function '%s'".formatted(tool.name())));
            }
            if (tool.strict() || dialect == RemoteDialect.VLLM) {
                function.put("strict", true);
            }
        }
    }

    /**
     * JSON that a caller gave as text.
     *
     * @param what for the message, such as {@code The schema}
     */
    static JsonNode json(String text, String what) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new InferenceException.InvalidConstraint("%s must be JSON.".formatted(what));
        }
    }
}
