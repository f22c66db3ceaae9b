package io.plumbline.platform.moderation;

/**
 * A text to be judged.
 *
 * @param path where it stood in the request, such as {@code input[2]}
 */
public record ModeratedText(String path, String text) {}
