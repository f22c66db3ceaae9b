package io.plumbline.inference.engine;

import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.Optional;

/**
 * When a request came and how long it may take.
 *
 * @param startNanos as {@link System#nanoTime}
 * @param limit empty = as long as it takes
 */
record Term(long startNanos, Optional<Duration> limit) {
    /** The shorter of two limits. */
    static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
        return one.isEmpty() || (other.isPresent() && other.get().compareTo(one.get()) < 0) ? other : one;
    }

    /** Time since the request came. */
    Duration elapsed(long nanoTime) {
        return Duration.ofNanos(nanoTime - startNanos);
    }

    /** Time left; zero or less if it is over, empty if there is no limit. */
    Optional<Duration> left(long nanoTime) {
        return limit.map(most -> most.minus(elapsed(nanoTime)));
    }

    /** Why an answer ends whose time is over. */
    InferenceException over() {
        return new InferenceException.DeadlineExceeded(limit.orElseThrow());
    }
}
