package io.plumbline.inference.pool;

import java.util.List;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}; chat templates decide what they accept
 * @param content the text; may be empty beside tool calls
 * @param toolCalls the calls that an assistant's turn made
 */
public record ChatMessage(String role, String content, List<ToolCall> toolCalls) {
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A turn without calls. */
    public ChatMessage(String role, String content) {
        this(role, content, List.of());
    }

    /** The same turn with another text. */
    public ChatMessage withContent(String text) {
        return new ChatMessage(role, text, toolCalls);
    }
}
