package io.plumbline.inference.pool;

/**
 * The end of an answer.
 *
 * @param reason why it ended
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens generated
 * @param cachedTokens tokens of the prompt that were taken from the prefix cache
 */
public record FinishedCompletion(FinishReason reason, int promptTokens, int completionTokens, int cachedTokens) {}
