package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.LeaseState;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a trainer must end. Time comes in as a parameter (nanoseconds of {@link System#nanoTime}), so every
 * decision can be tested. Thread-safe.
 */
final class LeaseWatch {
    /** What to do to the trainer now. */
    enum Order {
        GO_ON,
        /** Ask it to write a checkpoint and end. */
        TERMINATE,
        /** End it. */
        KILL
    }

    private final long leaseNanos;
    private final long stallNanos;
    private final long graceNanos;
    private long renewedAt;
    private long heardAt;
    private long stopAskedAt;
    private @Nullable StopReason reason;

    LeaseWatch(Duration lease, Duration stall, Duration grace, long now) {
        leaseNanos = lease.toNanos();
        stallNanos = stall.toNanos();
        graceNanos = grace.toNanos();
        renewedAt = now;
        heardAt = now;
    }

    /** The database answered a renewal that was asked for at {@code askedAt}. */
    synchronized void renewed(LeaseState state, long askedAt) {
        switch (state) {
            // Counted from the question: the lease may have begun any time between question and answer.
            case HELD -> renewedAt = askedAt;
            case ENDED -> stop(StopReason.JOB_ENDED, askedAt);
            case LOST -> stop(StopReason.LEASE_LOST, askedAt);
        }
    }

    /** The trainer reported something. */
    synchronized void heard(long now) {
        heardAt = now;
    }

    /** The first reason stands. */
    synchronized void stop(StopReason newReason, long now) {
        if (reason == null) {
            reason = newReason;
            stopAskedAt = now;
        }
    }

    synchronized Order order(long now) {
        if (now - renewedAt >= leaseNanos) {
            stop(StopReason.LEASE_EXPIRED, now);
        }
        if (now - heardAt >= stallNanos) {
            stop(StopReason.STALLED, now);
        }
        if (reason == null) {
            return Order.GO_ON;
        }
        return reason.immediate() || now - stopAskedAt >= graceNanos ? Order.KILL : Order.TERMINATE;
    }

    synchronized Optional<StopReason> reason() {
        return Optional.ofNullable(reason);
    }
}
