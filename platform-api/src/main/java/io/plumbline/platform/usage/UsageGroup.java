package io.plumbline.platform.usage;

import java.util.Arrays;
import java.util.Optional;

/** By what usage is summed up. */
public enum UsageGroup {
    MODEL("model", "e.model"),
    DAY("day", "cast(e.recordedAt as LocalDate)"),
    SUBJECT("subject", "e.subject");

    private final String wireName;
    private final String expression;

    UsageGroup(String wireName, String expression) {
        this.wireName = wireName;
        this.expression = expression;
    }

    public String wireName() {
        return wireName;
    }

    /** In Hibernate's query language, over entries {@code e}. */
    String expression() {
        return expression;
    }

    public static Optional<UsageGroup> of(String wireName) {
        return Arrays.stream(values()).filter(g -> g.wireName.equals(wireName)).findFirst();
    }
}
