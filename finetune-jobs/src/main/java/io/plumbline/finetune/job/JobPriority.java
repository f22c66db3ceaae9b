package io.plumbline.finetune.job;

import java.util.Locale;

/** Orders a tenant's own jobs; between tenants fairness decides. The constants are in ascending order. */
public enum JobPriority {
    LOW,
    NORMAL,
    HIGH;

    /** As in requests, such as {@code normal}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
