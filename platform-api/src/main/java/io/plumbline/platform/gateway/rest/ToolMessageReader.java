package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.UnsupportedParameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a conversation says of calls that were made and of what they returned. */
final class ToolMessageReader {
    private ToolMessageReader() {}

    /** The calls of an assistant's turn; none elsewhere. */
    static List<ToolCall> calls(String path, ChatRequest.Message message) {
        @Nullable JsonNode listed = message.toolCalls();
        if (listed == null || listed.isNull() || (listed.isArray() && listed.isEmpty())) {
            return List.of();
        }
        if (!"assistant".equals(message.role()) || !listed.isArray()) {
            throw new InvalidRequest(
                    path + ".tool_calls", "'%s.tool_calls' is a list, in messages of the assistant.".formatted(path));
        }
        List<ToolCall> calls = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            calls.add(call("%s.tool_calls[%d]".formatted(path, i), listed.get(i)));
        }
        return calls;
    }

    private static ToolCall call(String path, JsonNode call) {
        if (!call.path("type").asText("function").equals("function")) {
            throw new UnsupportedParameter(path + ".type", "Calls of type function are.");
        }
        return new ToolCall(
                text(path + ".id", call.path("id")),
                text(path + ".function.name", call.at("/function/name")),
                text(path + ".function.arguments", call.at("/function/arguments")));
    }

    private static String text(String path, JsonNode value) {
        if (!value.isTextual()) {
            throw new InvalidRequest(path, "'%s' is a string.".formatted(path));
        }
        return value.textValue();
    }

    /** A result belongs to a call that an earlier message made. */
    static void checkResults(List<ChatRequest.Message> messages) {
        Set<String> made = new HashSet<>();
        for (int i = 0; i < messages.size(); i++) {
            ChatRequest.Message message = messages.get(i);
            String path = "messages[%d].tool_call_id".formatted(i);
            @Nullable String id = message.toolCallId();
            if (!"tool".equals(message.role())) {
                if (id != null) {
                    throw new InvalidRequest(path, "'%s' belongs to messages of role tool.".formatted(path));
                }
                if (message.toolCalls() != null) {
                    message.toolCalls().forEach(call -> made.add(call.path("id").asText()));
                }
            } else if (id == null || !made.contains(id)) {
                throw new InvalidRequest(
                        path,
                        "'%s' is the id of a call that the assistant made in an earlier message.".formatted(path));
            }
        }
    }
}
