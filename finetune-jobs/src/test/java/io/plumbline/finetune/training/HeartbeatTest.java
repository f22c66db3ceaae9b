package io.plumbline.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    @Test
    void silenceIsFilledWithHeartbeats() throws InterruptedException {
        var first = new TrainingEvent.Warned("first");
        var twoAfterFirst = new CountDownLatch(2);
        List<TrainingEvent> seen = new CopyOnWriteArrayList<>();
        try (var heartbeat = new Heartbeat(
                event -> {
                    if (seen.contains(first)) {
                        twoAfterFirst.countDown();
                    }
                    seen.add(event);
                },
                Duration.ofMillis(5))) {
            heartbeat.accept(first);
            twoAfterFirst.await();
        }
        // A slow machine may have heard heartbeats before the first event too.
        assertThat(seen).containsOnlyOnce(first);
        assertThat(seen).filteredOn(event -> !event.equals(first)).allMatch(e -> e instanceof TrainingEvent.Heartbeat);
    }

    @Test
    void aFailureWhileBeatingReachesTheTrainingThreadOnceAndTheNextEventStillGoesOut() throws InterruptedException {
        var failed = new CountDownLatch(1);
        List<TrainingEvent> seen = new CopyOnWriteArrayList<>();
        try (var heartbeat = new Heartbeat(
                event -> {
                    if (event instanceof TrainingEvent.Heartbeat && failed.getCount() > 0) {
                        failed.countDown();
                        throw new UncheckedIOException(new IOException("disk full"));
                    }
                    seen.add(event);
                },
                Duration.ofMillis(5))) {
            failed.await();
            assertThatThrownBy(() -> heartbeat.accept(new TrainingEvent.Warned("lost")))
                    .isInstanceOf(UncheckedIOException.class);
            heartbeat.accept(new TrainingEvent.Failed("no space"));
        }
        assertThat(seen).contains(new TrainingEvent.Failed("no space"));
    }
}
