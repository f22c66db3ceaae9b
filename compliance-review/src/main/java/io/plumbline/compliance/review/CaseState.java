package io.plumbline.compliance.review;

import java.util.Locale;

/**
 * The life of a case. Whether it stands at the first or the second level is told by {@link ReviewLevel}: an escalation
 * moves a case there and leaves it {@link #PENDING}.
 */
public enum CaseState {
    /** Nobody works on it; the first reviewer who claims it gets it. */
    PENDING,
    /** A reviewer holds a lease on it. When the lease runs out it is {@link #PENDING} again, without anybody doing so. */
    CLAIMED,
    /** A reviewer released the answer as the rules left it: redacted and rewritten, else as generated. */
    APPROVED,
    /** A reviewer released the answer in their own words. */
    EDITED,
    /** A reviewer refused it; nothing is released. */
    REJECTED,
    /** Nobody decided before the deadline; nothing is released. */
    EXPIRED;

    /** Whether nothing can happen to it any more. */
    public boolean terminal() {
        return switch (this) {
            case PENDING, CLAIMED -> false;
            case APPROVED, EDITED, REJECTED, EXPIRED -> true;
        };
    }

    /** Whether the caller gets an answer. */
    public boolean releases() {
        return this == APPROVED || this == EDITED;
    }

    /** As in JSON, such as {@code pending}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
