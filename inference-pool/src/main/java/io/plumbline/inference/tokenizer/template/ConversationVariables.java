package io.plumbline.inference.tokenizer.template;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A conversation as the variables that templates of published models expect ({@code apply_chat_template} of transformers):
 * {@code messages} with role, content, {@code tool_calls} and {@code tool_call_id}; {@code tools}, if there are any;
 * {@code add_generation_prompt}. Arguments and parameters are mappings, not text.
 *
 * <p>Ids of calls are not the caller's but count up: nine letters and digits, which is what Mistral's templates insist on,
 * and the same for every conversation of the same calls, so that their prompts share a cached prefix.
 */
public final class ConversationVariables {
    private static final JsonMapper JSON = new JsonMapper();

    private final List<Map<String, @Nullable Object>> turns = new ArrayList<>();
    /** Calls without a result: the caller's id, and what the template sees. */
    private final Map<String, SeenCall> open = new LinkedHashMap<>();

    private int calls;

    private record SeenCall(String id, String name) {}

    private ConversationVariables() {}

    /**
     * The variables, in maps and lists that belong to the caller.
     *
     * @throws InferenceException.InvalidConstraint if a function's parameters are not JSON
     */
    public static Map<String, @Nullable Object> of(
            List<ChatMessage> messages, List<ToolFunction> tools, boolean addGenerationPrompt) {
        ConversationVariables conversation = new ConversationVariables();
        messages.forEach(conversation::add);
        Map<String, @Nullable Object> variables = new LinkedHashMap<>();
        variables.put("messages", conversation.turns);
        if (!tools.isEmpty()) {
            variables.put(
                    "tools",
                    tools.stream().map(ConversationVariables::described).toList());
        }
        variables.put("add_generation_prompt", addGenerationPrompt);
        return variables;
    }

    private void add(ChatMessage message) {
        Map<String, @Nullable Object> turn = new LinkedHashMap<>();
        turn.put("role", message.role());
        turn.put("content", message.content());
        if (!message.toolCalls().isEmpty()) {
            open.clear();
            turn.put("tool_calls", message.toolCalls().stream().map(this::made).toList());
        }
        if (message.role().equals("tool") && !open.isEmpty()) {
            String first = open.keySet().iterator().next();
            SeenCall call =
                    open.remove(message.toolCallId().filter(open::containsKey).orElse(first));
            if (call != null) {
                turn.put("tool_call_id", call.id());
                turn.put("name", call.name());
            }
        }
        turns.add(turn);
    }

    private Map<String, @Nullable Object> made(ToolCall call) {
        SeenCall seen = new SeenCall("call%05d".formatted(calls++), call.name());
        open.put(call.id(), seen);
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", call.name());
        function.put("arguments", arguments(call.arguments()));
        Map<String, @Nullable Object> made = new LinkedHashMap<>();
        made.put("type", "function");
        made.put("id", seen.id());
        made.put("function", function);
        return made;
    }

    /** What is no JSON stays text: a model may have been cut off in the middle of it. */
    private static @Nullable Object arguments(String text) {
        try {
            return text.isBlank() ? Map.of() : JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            return text;
        }
    }

    private static Map<String, @Nullable Object> described(ToolFunction tool) {
        Map<String, @Nullable Object> function = new LinkedHashMap<>();
        function.put("name", tool.name());
        if (!tool.description().isEmpty()) {
            function.put("description", tool.description());
        }
        if (!tool.parameters().isEmpty()) {
            function.put("parameters", parameters(tool));
        }
        Map<String, @Nullable Object> described = new LinkedHashMap<>();
        described.put("type", "function");
        described.put("function", function);
        return described;
    }

    private static @Nullable Object parameters(ToolFunction tool) {
        try {
            return JSON.readValue(tool.parameters(), Object.class);
        } catch (JsonProcessingException e) {
            throw new InferenceException.InvalidConstraint(
                    "The parameters of function '%s' are not JSON.".formatted(tool.name()));
        }
    }
}
