package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A reader that does not read: its answer waits for it, and nobody else does. */
class EngineSlowReaderTest extends EngineFixture {
    private final CountDownLatch reads = new CountDownLatch(1);
    private final CollectingListener read = new CollectingListener();

    @Test
    void itsAnswerWaitsAndGoesOnAsIfNothingHadBeen() {
        TestRequest request = request(HOSPITAL, prompt(1, 10)).maxTokens(450).only(wordToken());
        engine.submit(request.build(), slow());
        awaitParked();
        long generated = engine.metrics().tokens().generated();
        assertThat(generated).isLessThanOrEqualTo(Delivery.SLOW + 2);
        assertThat(engine.metrics().cache().inUse())
                .as("its memory is for others")
                .isZero();

        CollectingListener other = submit(request(BROKER, prompt(2, 10)).maxTokens(40));
        assertThat(other.await().completionTokens()).isEqualTo(40);

        reads.countDown();
        assertThat(read.await().completionTokens()).isEqualTo(450);
        CollectingListener quick = submit(request);
        quick.await();
        assertThat(read.tokens()).containsExactly(quick.tokens());
        assertThat(read.probabilities()).containsExactly(quick.probabilities());
    }

    @Test
    void itsTimeRunsWhileTheEngineIsIdle() {
        engine.submit(
                request(HOSPITAL, prompt(1, 10))
                        .only(wordToken())
                        .timeLimit(Duration.ofMinutes(10))
                        .build(),
                slow());
        awaitParked();
        skippedNanos.addAndGet(Duration.ofMinutes(11).toNanos());
        // Whatever wakes the engine's thread makes it look at the clock.
        submit(request(BROKER, prompt(2, 10)).maxTokens(1)).await();
        reads.countDown();
        assertThatExceptionOfType(InferenceException.DeadlineExceeded.class).isThrownBy(read::await);
        awaitIdle();
    }

    private void awaitParked() {
        while (engine.metrics().queue().waiting() == 0
                || engine.metrics().queue().running() > 0) {
            assertThat(engine.metrics().tokens().generated()).isLessThan(400);
            Thread.onSpinWait();
        }
    }

    private CompletionListener slow() {
        return new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                try {
                    reads.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                read.onText(delta);
            }

            @Override
            public void onFinish(FinishedCompletion finished) {
                read.onFinish(finished);
            }

            @Override
            public void onFailure(InferenceException failure) {
                read.onFailure(failure);
            }
        };
    }
}
