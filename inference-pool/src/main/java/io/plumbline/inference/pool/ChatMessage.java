package io.plumbline.inference.pool;

/**
 * One turn of a conversation.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}; chat templates decide what they accept
 * @param content the text
 */
public record ChatMessage(String role, String content) {}
