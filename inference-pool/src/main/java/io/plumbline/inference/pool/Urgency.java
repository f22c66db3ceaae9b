package io.plumbline.inference.pool;

import java.time.Duration;
import java.util.Optional;

/**
 * When an answer is wanted.
 *
 * @param priority its class
 * @param timeLimit from its submission to its end; an answer that is not complete by then fails with
 *     {@link InferenceException.DeadlineExceeded}. Empty = the pool's own limit alone
 */
public record Urgency(Priority priority, Optional<Duration> timeLimit) {
    public Urgency {
        if (timeLimit.isPresent() && timeLimit.get().isNegative()) {
            throw new IllegalArgumentException("a time limit is not negative: " + timeLimit.get());
        }
    }

    /** Somebody waits, as long as the pool allows. */
    public static Urgency normal() {
        return new Urgency(Priority.NORMAL, Optional.empty());
    }
}
