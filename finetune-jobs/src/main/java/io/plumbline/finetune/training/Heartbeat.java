package io.plumbline.finetune.training;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Hands events on one at a time and adds a {@link TrainingEvent.Heartbeat} whenever there was none for a while, so that
 * whoever watches can tell a slow step from a dead process.
 */
public final class Heartbeat implements EventSink, AutoCloseable {
    /** Half of the five seconds that are promised, so that a busy machine does not break the promise. */
    public static final Duration SILENCE = Duration.ofMillis(2500);

    private final EventSink next;
    private final long silenceNanos;
    private final ScheduledExecutorService clock;
    private long lastNanos = System.nanoTime();
    private @Nullable RuntimeException failure;

    /** Starts to beat when {@code next} got nothing for {@code silence}. */
    public Heartbeat(EventSink next, Duration silence) {
        this.next = next;
        this.silenceNanos = silence.toNanos();
        this.clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("heartbeat").factory());
        long period = Math.max(1, silenceNanos / 4);
        var unused = clock.scheduleAtFixedRate(this::beat, period, period, TimeUnit.NANOSECONDS);
    }

    @Override
    public synchronized void accept(TrainingEvent event) {
        if (failure != null) {
            RuntimeException first = failure;
            failure = null;
            throw first;
        }
        next.accept(event);
        lastNanos = System.nanoTime();
    }

    private synchronized void beat() {
        if (failure == null && System.nanoTime() - lastNanos >= silenceNanos) {
            try {
                accept(new TrainingEvent.Heartbeat(System.currentTimeMillis()));
            } catch (RuntimeException e) {
                // Nobody reads what a scheduled task throws; the training thread gets it with its next event.
                failure = e;
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
