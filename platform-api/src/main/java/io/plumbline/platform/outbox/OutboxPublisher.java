package io.plumbline.platform.outbox;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what waits in the outbox, for as long as the application runs, whatever database and broker do meanwhile. */
@ApplicationScoped
class OutboxPublisher {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxPublisher.class);

    private final OutboxRound round;
    private final OutboxConfig config;
    private final Semaphore woken = new Semaphore(0);
    private @Nullable Thread loop;

    @Inject
    OutboxPublisher(OutboxRound round, OutboxConfig config) {
        this.round = round;
        this.config = config;
    }

    /** Says that something was committed. */
    void wake() {
        woken.release();
    }

    void start(@Observes StartupEvent event) {
        loop = Thread.ofVirtual().name("outbox-publisher").start(this::loop);
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        Thread running = loop;
        if (running != null) {
            running.interrupt();
            running.join(config.deliveryTimeout());
        }
    }

    private void loop() {
        Duration pause = config.minBackOff();
        try {
            while (!Thread.currentThread().isInterrupted()) {
                switch (runOnce()) {
                    case AGAIN -> pause = config.minBackOff();
                    case IDLE -> {
                        pause = config.minBackOff();
                        awaitWork();
                    }
                    case FAILED -> {
                        Thread.sleep(pause);
                        pause = shorter(pause.multipliedBy(2), config.maxBackOff());
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("publisher ends: the application stops");
        }
    }

    private enum Step {
        AGAIN,
        IDLE,
        FAILED
    }

    private Step runOnce() {
        try {
            OutboxRound.Outcome outcome = round.run();
            if (outcome.failed()) {
                return Step.FAILED;
            }
            return outcome.mayHaveMore(config.batch()) ? Step.AGAIN : Step.IDLE;
        } catch (SQLException | RuntimeException e) {
            LOG.warn("the outbox cannot be read at the moment: {}", e.toString());
            return Step.FAILED;
        }
    }

    private void awaitWork() throws InterruptedException {
        if (woken.tryAcquire(config.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
            woken.drainPermits();
        }
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
