package io.plumbline.finetune.job;

import java.time.Instant;
import java.util.Map;

/**
 * Something that a job reports to its tenant.
 *
 * @param id names it
 * @param createdAt when
 * @param level how bad
 * @param type prose or figures
 * @param message for people
 * @param data for programs; numbers only
 */
public record JobEvent(String id, Instant createdAt, Level level, Type type, String message, Map<String, Number> data) {
    /** How bad it is. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }

    /** Prose or figures. */
    public enum Type {
        MESSAGE,
        METRICS
    }
}
