package io.plumbline.finetune.runner;

import io.plumbline.finetune.job.ClaimedJob;
import io.plumbline.finetune.job.JobQueue;
import io.plumbline.finetune.runner.LeaseWatch.Order;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Renews one job's lease in a thread of its own and ends the trainer when the {@link LeaseWatch} says so. */
final class LeaseKeeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private final ClaimedJob claim;
    private final JobQueue queue;
    private final TrainerConfig config;
    private final LeaseWatch watch;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable TrainerProcess trainer;
    private boolean terminated;

    private LeaseKeeper(ClaimedJob claim, JobQueue queue, TrainerConfig config) {
        this.claim = claim;
        this.queue = queue;
        this.config = config;
        watch = new LeaseWatch(config.lease(), config.stall(), config.stopGrace(), System.nanoTime());
        thread = Thread.ofVirtual().name("lease-" + claim.job()).unstarted(this::keep);
    }

    static LeaseKeeper start(ClaimedJob claim, JobQueue queue, TrainerConfig config) {
        LeaseKeeper keeper = new LeaseKeeper(claim, queue, config);
        keeper.thread.start();
        return keeper;
    }

    /** From now on this trainer is the one to end. */
    void guard(TrainerProcess newTrainer) {
        watch.heard(System.nanoTime());
        trainer = newTrainer;
        wake.release();
    }

    /** The trainer is gone; the lease is kept until the end is written down. */
    void unguard() {
        trainer = null;
        watch.heard(System.nanoTime());
    }

    void heard() {
        watch.heard(System.nanoTime());
    }

    void stop(StopReason reason) {
        watch.stop(reason, System.nanoTime());
        wake.release();
    }

    /** Looks at the lease now: something happened to the job. */
    void lookNow() {
        wake.release();
    }

    /** Empty while the work may go on. */
    Optional<StopReason> stopReason() {
        return watch.reason();
    }

    private void keep() {
        while (!closed) {
            renew();
            obey(watch.order(System.nanoTime()));
            try {
                boolean woken = wake.tryAcquire(config.heartbeat().toMillis(), TimeUnit.MILLISECONDS);
                if (woken) {
                    wake.drainPermits();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void renew() {
        long askedAt = System.nanoTime();
        try {
            watch.renewed(queue.renew(claim, config.lease()), askedAt);
        } catch (RuntimeException e) {
            LOG.warn("cannot renew the lease of {}: {}", claim.job(), e.toString());
        }
    }

    private void obey(Order order) {
        TrainerProcess running = trainer;
        if (running == null) {
            // Between processes the silence of a trainer means nothing.
            if (order == Order.GO_ON) {
                watch.heard(System.nanoTime());
            }
            return;
        }
        switch (order) {
            case GO_ON -> {}
            case TERMINATE -> {
                if (!terminated) {
                    terminated = true;
                    LOG.info(
                            "asking the trainer of {} to end: {}",
                            claim.job(),
                            stopReason().orElseThrow());
                    running.terminate();
                }
            }
            case KILL -> {
                LOG.warn(
                        "ending the trainer of {}: {}",
                        claim.job(),
                        stopReason().orElseThrow());
                running.kill();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
