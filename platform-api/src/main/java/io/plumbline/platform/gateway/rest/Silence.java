package io.plumbline.platform.gateway.rest;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long the reader of a stream has heard nothing. Rules and forms hold text back for many tokens, so that a piece that
 * may not leave yet is no reason for a sign of life, but a second is.
 */
final class Silence {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final LongSupplier nanoTime;
    private long since;

    Silence(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.since = nanoTime.getAsLong();
    }

    /** Whether it is time for a sign of life. */
    boolean tooLong() {
        return nanoTime.getAsLong() - since >= LONGEST.toNanos();
    }

    /** Something was written. */
    void ended() {
        since = nanoTime.getAsLong();
    }
}
