package io.plumbline.platform.testing;

import java.time.Duration;
import java.time.Instant;

/** Waits for what happens in the background; the limit is only there to end a test that will never succeed. */
public final class Eventually {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final long PAUSE_MILLIS = 100;

    private Eventually() {}

    /** Repeats the assertion until it holds, and throws its last error if it never does. */
    public static void until(String what, Runnable assertion) {
        Instant end = Instant.now().plus(LIMIT);
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (Instant.now().isAfter(end)) {
                    throw new AssertionError("still not: " + what, e);
                }
                pause(PAUSE_MILLIS);
            }
        }
    }

    /** Waits. */
    public static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
