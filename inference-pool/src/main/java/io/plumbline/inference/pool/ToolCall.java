package io.plumbline.inference.pool;

/**
 * A call that an answer made.
 *
 * @param id chosen by the caller's side, unique within the conversation
 * @param name the function
 * @param arguments a JSON object, as text
 */
public record ToolCall(String id, String name, String arguments) {}
