package io.plumbline.platform.gateway;

import io.plumbline.inference.pool.Priority;
import java.util.Locale;

/** How soon an answer is wanted, in OpenAI's words. */
public enum ServiceTier {
    /** Somebody waits. */
    DEFAULT(Priority.NORMAL),
    /** Nobody waits: whatever the others leave, but never nothing. */
    FLEX(Priority.LOW),
    /** Ahead of others; for tenants to which the operator grants it. */
    PRIORITY(Priority.HIGH);

    private final Priority priority;

    ServiceTier(Priority priority) {
        this.priority = priority;
    }

    Priority priority() {
        return priority;
    }

    /** The tier's name in requests and answers. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
