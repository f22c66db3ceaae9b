package io.plumbline.platform.audit;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which entries are wanted, newest first.
 *
 * @param type such as {@code answer.held}; {@code answer} alone means all {@code answer.…}
 * @param actor who did it
 * @param target what it was done to
 * @param from when at the earliest
 * @param to before when
 * @param after only entries with a smaller index: those after it in the list
 * @param limit at most so many
 */
public record AuditQuery(
        Optional<String> type,
        Optional<String> actor,
        Optional<String> target,
        Optional<Instant> from,
        Optional<Instant> to,
        OptionalLong after,
        int limit) {
    /** Most entries of one answer. */
    public static final int MAX_LIMIT = 1000;

    public AuditQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("'limit' is a number from 1 to %d".formatted(MAX_LIMIT));
        }
    }

    /** The newest entries. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                limit);
    }
}
