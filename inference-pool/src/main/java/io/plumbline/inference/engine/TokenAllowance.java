package io.plumbline.inference.engine;

import java.time.Duration;

/**
 * How many tokens one tenant may still have now: a bucket that holds a minute's allowance and fills up evenly. What an
 * answer will cost is not known before; so a request passes while there is anything left, its tokens are taken
 * afterwards, and a debt must fill up first. Not thread-safe.
 */
final class TokenAllowance {
    private static final double MINUTE = Duration.ofMinutes(1).toNanos();

    private final long perMinute;
    private double left;
    private long filledAt;

    TokenAllowance(long perMinute, long nanoTime) {
        this.perMinute = perMinute;
        this.left = perMinute;
        this.filledAt = nanoTime;
    }

    /** Seconds until there is something left; 0 if there is now. */
    double secondsToWait(long nanoTime) {
        fill(nanoTime);
        return left >= 1 ? 0 : (1 - left) / perMinute * 60;
    }

    void take(long tokens, long nanoTime) {
        fill(nanoTime);
        left -= tokens;
    }

    /** Whether it is as if nothing had ever been taken. */
    boolean full(long nanoTime) {
        fill(nanoTime);
        return left >= perMinute;
    }

    private void fill(long nanoTime) {
        left = Math.min(perMinute, left + (nanoTime - filledAt) / MINUTE * perMinute);
        filledAt = nanoTime;
    }
}
