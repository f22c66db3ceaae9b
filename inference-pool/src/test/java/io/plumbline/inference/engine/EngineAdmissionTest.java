package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.pool.InferenceException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More requests than there is room for. */
class EngineAdmissionTest extends EngineFixture {
    @Test
    void refusesWhatItCannotHoldAndTakesItLater() {
        List<CollectingListener> taken = new ArrayList<>();
        CollectingListener refused = new CollectingListener();
        assertThatExceptionOfType(InferenceException.Overloaded.class)
                .isThrownBy(() -> {
                    for (int i = 0; i < 100; i++) {
                        CollectingListener listener = new CollectingListener();
                        engine.submit(
                                request(HOSPITAL, prompt(i, 30)).maxTokens(50).build(), listener);
                        taken.add(listener);
                    }
                })
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isBetween(1, 60));
        assertThat(taken).hasSizeGreaterThanOrEqualTo(8);
        // One tenant's flood leaves room for another.
        CollectingListener other = submit(request(BROKER, prompt(1, 3)).maxTokens(2));
        taken.forEach(CollectingListener::await);
        other.await();
        assertThat(submit(request(HOSPITAL, prompt(1, 3)).maxTokens(2)).await().completionTokens())
                .isEqualTo(2);
        assertThat(refused.deltas()).isEmpty();
    }

    @Test
    void moreSequencesThanMemoryHoldsAllFinish() {
        List<CollectingListener> listeners = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            listeners.add(submit(
                    request(i % 2 == 0 ? HOSPITAL : BROKER, prompt(20 + i, 160)).maxTokens(30)));
        }
        CollectingListener again = new CollectingListener();
        listeners.forEach(
                listener -> assertThat(listener.await().completionTokens()).isEqualTo(30));
        engine.submit(request(BROKER, prompt(25, 160)).maxTokens(30).build(), again);
        again.await();
        assertThat(again.tokens()).containsExactly(listeners.get(5).tokens());
    }
}
