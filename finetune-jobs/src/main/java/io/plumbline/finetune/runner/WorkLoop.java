package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.ClaimedJob;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims a job and works on it, again and again, in a thread of its own. */
final class WorkLoop {
    private static final Logger LOG = LoggerFactory.getLogger(WorkLoop.class);

    /** What is done with a claimed job. */
    @FunctionalInterface
    interface Worker {
        void work(ClaimedJob claim) throws InterruptedException;
    }

    private final Supplier<Optional<ClaimedJob>> claims;
    private final Worker worker;
    private final Duration poll;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean stopped;
    private boolean failing;

    WorkLoop(String name, Supplier<Optional<ClaimedJob>> claims, Worker worker, Duration poll) {
        this.claims = claims;
        this.worker = worker;
        this.poll = poll;
        thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this::loop);
    }

    void start() {
        thread.start();
    }

    /** There may be a job. */
    void wake() {
        wake.release();
    }

    /** Takes no further job. */
    void stop() {
        stopped = true;
        wake.release();
    }

    /** Waits until the job at hand is let go. */
    boolean join(Duration patience) throws InterruptedException {
        return thread.join(patience);
    }

    private void loop() {
        try {
            while (!stopped) {
                Optional<ClaimedJob> claim = claim();
                if (claim.isPresent()) {
                    work(claim.get());
                } else if (wake.tryAcquire(poll.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ClaimedJob> claim() {
        try {
            Optional<ClaimedJob> claim = claims.get();
            failing = false;
            return claim;
        } catch (RuntimeException e) {
            if (!failing) {
                LOG.warn("cannot look for fine-tuning jobs, trying on: {}", e.toString());
            }
            failing = true;
            return Optional.empty();
        }
    }

    private void work(ClaimedJob claim) throws InterruptedException {
        try {
            worker.work(claim);
        } catch (RuntimeException e) {
            LOG.error("work on {} failed; its lease will expire", claim.job(), e);
        }
    }
}
