package io.plumbline.platform.outbox;

/**
 * Something that happened, named in the past tense. Implemented by records; their components become the {@code data} of
 * the message. A change that a reader could trip over raises {@link #version}.
 */
public interface OutboxEvent {
    Topic topic();

    /** Events of one key arrive in the order in which they were recorded. */
    String key();

    /** As {@code usage.settled}. */
    String type();

    default int version() {
        return 1;
    }
}
