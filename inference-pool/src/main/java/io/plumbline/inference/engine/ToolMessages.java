package io.plumbline.inference.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.Prompt;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.inference.pool.ToolFunction;
import io.plumbline.inference.toolcall.ToolCallFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Tells a model of tools where its chat template does not: in words that any template carries, the functions in the system
 * message, calls in the assistant's turns as the model is to write them, and results in turns of the user. The tags are
 * those of the Hermes and Qwen families, so that models which learned those read what they know.
 */
final class ToolMessages {
    private static final JsonMapper JSON = new JsonMapper();

    private ToolMessages() {}

    /** The messages of a conversation, with roles and texts alone. */
    static List<ChatMessage> asText(Prompt.Chat chat) {
        List<ChatMessage> messages = new ArrayList<>();
        for (ChatMessage message : chat.messages()) {
            add(message, messages);
        }
        if (!chat.tools().isEmpty()) {
            boolean system = messages.getFirst().role().equals("system");
            String before = system ? messages.removeFirst().content() + "\n\n" : "";
            messages.addFirst(new ChatMessage("system", before + instructions(chat.tools())));
        }
        return messages;
    }

    /** The same conversation for a template that takes one call a turn: each call in a turn of its own, then its result. */
    static List<ChatMessage> oneCallATurn(List<ChatMessage> messages) {
        List<ChatMessage> turns = new ArrayList<>();
        List<ChatMessage> waiting = new ArrayList<>();
        for (ChatMessage message : messages) {
            if (message.toolCalls().size() > 1) {
                turns.addAll(waiting);
                waiting.clear();
                String words = message.content();
                for (ToolCall call : message.toolCalls()) {
                    waiting.add(new ChatMessage(message.role(), words, List.of(call)));
                    words = "";
                }
            } else if (message.role().equals("tool") && !waiting.isEmpty()) {
                turns.add(waiting.remove(callOf(message, waiting)));
                turns.add(message);
            } else {
                turns.addAll(waiting);
                waiting.clear();
                turns.add(message);
            }
        }
        turns.addAll(waiting);
        return turns;
    }

    /** Index of the turn whose call a result answers. */
    private static int callOf(ChatMessage result, List<ChatMessage> waiting) {
        for (int i = 0; i < waiting.size(); i++) {
            if (result.toolCallId()
                    .filter(waiting.get(i).toolCalls().getFirst().id()::equals)
                    .isPresent()) {
                return i;
            }
        }
        return 0;
    }

    private static void add(ChatMessage message, List<ChatMessage> messages) {
        if (message.role().equals("tool")) {
            String result = "<tool_response>\n%s\n</tool_response>".formatted(message.content());
            boolean another = !messages.isEmpty()
                    && messages.getLast().role().equals("user")
                    && messages.getLast().content().startsWith("<tool_response>");
            if (another) {
                // Templates want turns to alternate; results of several calls are one turn.
                result = messages.removeLast().content() + "\n" + result;
            }
            messages.add(new ChatMessage("user", result));
        } else if (message.toolCalls().isEmpty()) {
            messages.add(message);
        } else {
            List<String> parts = new ArrayList<>();
            if (!message.content().isEmpty()) {
                parts.add(message.content());
            }
            message.toolCalls().stream().map(ToolMessages::written).forEach(parts::add);
            messages.add(new ChatMessage(message.role(), String.join("\n", parts)));
        }
    }

    private static String written(ToolCall call) {
        return ToolCallFormat.written(call.name(), call.arguments());
    }

    private static String instructions(List<ToolFunction> tools) {
        String listed = tools.stream().map(ToolMessages::described).collect(Collectors.joining("\n"));
        return """
                You can call functions. Each line here describes one:
                <tools>
                %s
                </tools>
                To call a function, write its name and its arguments as JSON, one block for each call:
                <tool_call>
                {"name": "the-name", "arguments": {}}
                </tool_call>
                What it returned comes back in a <tool_response> block. Where no function helps, just answer.""".formatted(listed);
    }

    private static String described(ToolFunction tool) {
        ObjectNode function = JSON.createObjectNode().put("name", tool.name());
        if (!tool.description().isEmpty()) {
            function.put("description", tool.description());
        }
        if (!tool.parameters().isEmpty()) {
            try {
                function.set("parameters", JSON.readTree(tool.parameters()));
            } catch (JsonProcessingException e) {
                throw new InferenceException.InvalidConstraint(
                        "The parameters of function '%s' are not JSON.".formatted(tool.name()));
            }
        }
        ObjectNode described = JSON.createObjectNode().put("type", "function");
        described.set("function", function);
        return described.toString();
    }
}
