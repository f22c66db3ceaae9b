package io.plumbline.inference.pool;

import java.util.List;
import java.util.Optional;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}; chat templates decide what they accept
 * @param content the text; may be empty beside tool calls
 * @param toolCalls the calls that an assistant's turn made
 * @param toolCallId the call whose result a tool's turn is; empty = the first one that has no result yet
 */
public record ChatMessage(String role, String content, List<ToolCall> toolCalls, Optional<String> toolCallId) {
    public ChatMessage {
        toolCalls = List.copyOf(toolCalls);
    }

    /** A turn that is the result of no call in particular. */
    public ChatMessage(String role, String content, List<ToolCall> toolCalls) {
        this(role, content, toolCalls, Optional.empty());
    }

    /** A turn without calls. */
    public ChatMessage(String role, String content) {
        this(role, content, List.of());
    }

    /** What a call returned. */
    public static ChatMessage toolResult(String toolCallId, String content) {
        return new ChatMessage("tool", content, List.of(), Optional.of(toolCallId));
    }

    /** The same turn with another text. */
    public ChatMessage withContent(String text) {
        return new ChatMessage(role, text, toolCalls, toolCallId);
    }
}
