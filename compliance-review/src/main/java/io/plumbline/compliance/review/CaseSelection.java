package io.plumbline.compliance.review;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * Which cases a list shows. Open ones come in the order in which they should be worked on: by deadline. As severity 1 has the
 * shorter deadline, that is severity with age, and nothing waits for ever. Decided ones come newest first.
 */
public enum CaseSelection {
    /** Pending and claimed. */
    OPEN,
    PENDING,
    CLAIMED,
    /** Approved, edited, rejected and expired. */
    DECIDED,
    APPROVED,
    EDITED,
    REJECTED,
    EXPIRED;

    public boolean open() {
        return this == OPEN || this == PENDING || this == CLAIMED;
    }

    /** The order of the list. */
    public Comparator<CasePosition> order() {
        Comparator<CasePosition> oldestFirst = Comparator.comparing(CasePosition::at)
                .thenComparing(position -> position.id().value());
        return open() ? oldestFirst : oldestFirst.reversed();
    }

    /** As in a query, such as {@code open}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<CaseSelection> of(String wireName) {
        return Arrays.stream(values())
                .filter(selection -> selection.wireName().equals(wireName))
                .findFirst();
    }
}
