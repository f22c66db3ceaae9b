package io.plumbline.inference.pool.remote;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * How long a remote engine may take, and how much it gets at a time.
 *
 * @param connect to open a connection
 * @param begin from the request until the answer begins
 * @param stall between two signs of life while an answer comes: pieces of it, or comments in the stream
 * @param answer for the whole answer
 * @param maxRequests answers at a time; more are refused here and not queued
 */
public record RemoteLimits(Duration connect, Duration begin, Duration stall, Duration answer, int maxRequests) {
    public RemoteLimits {
        Stream.of(connect, begin, stall, answer)
                .filter(each -> !each.isPositive())
                .forEach(each -> {
                    throw new IllegalArgumentException("timeouts of a remote engine must be positive, not " + each);
                });
        if (maxRequests < 1) {
            throw new IllegalArgumentException(
                    "a remote engine must get at least 1 request at a time, not " + maxRequests);
        }
    }

    /** 5 s, 60 s, 60 s, 10 min; 256 answers. */
    public static RemoteLimits defaults() {
        return new RemoteLimits(
                Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMinutes(10), 256);
    }
}
