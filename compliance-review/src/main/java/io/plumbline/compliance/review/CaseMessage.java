package io.plumbline.compliance.review;

/**
 * One turn of the conversation, as the caller sent it.
 *
 * @param role system, user, assistant or tool
 */
public record CaseMessage(String role, String content) {}
