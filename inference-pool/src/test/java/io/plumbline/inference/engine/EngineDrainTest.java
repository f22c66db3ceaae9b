package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.InferenceException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The graceful end: what was taken is answered, what comes is refused. */
class EngineDrainTest extends EngineFixture {
    @Test
    void whatWasTakenIsAnsweredAndWhatComesIsRefused() {
        List<CollectingListener> taken = List.of(
                submit(request(HOSPITAL, prompt(1, 30)).maxTokens(60)),
                submit(request(BROKER, prompt(2, 10)).maxTokens(80)));
        CompletableFuture<Boolean> drained = CompletableFuture.supplyAsync(() -> engine.drain(Duration.ofMinutes(5)));
        while (!refused()) {
            Thread.onSpinWait();
        }
        assertThat(drained.join()).isTrue();
        assertThat(taken.get(0).await().completionTokens()).isEqualTo(60);
        assertThat(taken.get(1).await().completionTokens()).isEqualTo(80);
        assertThat(engine.unfinished()).isZero();
    }

    @Test
    void patienceEndsAndWithItWhatStillRuns() {
        CollectingListener endless = submit(request(HOSPITAL, prompt(1, 10)));
        endless.awaitText();
        assertThat(engine.drain(Duration.ZERO)).isFalse();
        engine.close();
        assertThatExceptionOfType(InferenceException.ShuttingDown.class)
                .isThrownBy(endless::await)
                .satisfies(e -> assertThat(e.retryAfterSeconds()).isPositive());
    }

    @Test
    void aClosedEngineRefusesAndHangsNobody() {
        engine.close();
        assertThatExceptionOfType(InferenceException.ShuttingDown.class)
                .isThrownBy(() -> engine.loadAdapter(HOSPITAL_ADAPTER, TestModels.adapter("adapter-all")));
        assertThat(refused()).isTrue();
        assertThat(engine.drain(Duration.ZERO)).isTrue();
    }

    private boolean refused() {
        try {
            submit(request(HOSPITAL, prompt(3, 3)).maxTokens(1)).await();
            return false;
        } catch (InferenceException.ShuttingDown e) {
            return true;
        }
    }
}
