package io.plumbline.platform.outbox;

/**
 * A row of the outbox that was not sent yet.
 *
 * @param seq its place in the order
 * @param payload the message, as JSON
 */
record WaitingEvent(long seq, String topic, String key, String payload) {}
