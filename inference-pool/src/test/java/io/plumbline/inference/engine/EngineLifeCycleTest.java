package io.plumbline.inference.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.plumbline.inference.model.TestModels;
import io.plumbline.inference.pool.Completion;
import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishReason;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.weights.PeftAdapter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cancelled, failed and abandoned answers, and the end of the engine. */
class EngineLifeCycleTest extends EngineFixture {
    /** An idle engine that missed the wish to close would wait for ever. */
    @Test
    @Timeout(60)
    void anEngineClosesWheneverItIsAsked() {
        for (int i = 0; i < 300; i++) {
            InferenceEngine brief = new InferenceEngine("brief", model, tokenizer, LIMITS);
            for (int spin = 0; spin < i * 50; spin++) {
                Thread.onSpinWait();
            }
            brief.close();
        }
    }

    /** Whatever is on its way when an engine closes, its memory comes back. */
    @Test
    @Timeout(60)
    void anAdapterThatMeetsTheEndOfItsEngineLeavesNothing() throws InterruptedException {
        PeftAdapter adapter = TestModels.adapter("adapter-all");
        long before = backend.memory().bytesInUse();
        for (int i = 0; i < 300; i++) {
            InferenceEngine brief = new InferenceEngine("brief", model, tokenizer, LIMITS);
            Thread loader = Thread.ofPlatform()
                    .start(() -> ignoringTheEnd(() -> {
                        brief.loadAdapter(HOSPITAL_ADAPTER, adapter);
                        brief.submit(
                                request(HOSPITAL, prompt(1, 5))
                                        .adapter(HOSPITAL_ADAPTER)
                                        .build(),
                                new CollectingListener());
                        brief.unloadAdapter(HOSPITAL_ADAPTER);
                    }));
            for (int spin = 0; spin < i * 100; spin++) {
                Thread.onSpinWait();
            }
            brief.close();
            loader.join();
            assertThat(backend.memory().bytesInUse()).as("round %d", i).isEqualTo(before);
        }
    }

    private static void ignoringTheEnd(Runnable work) {
        try {
            work.run();
        } catch (InferenceException.ShuttingDown | InferenceException.UnknownAdapter e) {
            // The engine was faster.
        }
    }

    @Test
    void cancellingEndsTheAnswerAndGivesItsMemoryBack() {
        CollectingListener listener = new CollectingListener();
        Completion completion = engine.submit(
                request(HOSPITAL, prompt(6, 20)).stop("\u0000never").build(), listener);
        assertThat(completion.promptTokens()).isEqualTo(20);
        listener.awaitText();
        completion.cancel();
        completion.cancel();
        FinishedCompletion finished = listener.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.CANCELLED);
        assertThat(finished.completionTokens()).isBetween(1, 1000);
        completion.cancel();
        awaitIdle();
        assertThat(engine.metrics().cache().inUse()).isZero();
    }

    @Test
    void aRequestCancelledWhileItWaitsEndsToo() {
        List<CollectingListener> busy = new ArrayList<>();
        for (int i = 0; i < LIMITS.scheduling().maxSequences(); i++) {
            busy.add(submit(request(BROKER, prompt(i, 10)).maxTokens(60)));
        }
        CollectingListener waiting = new CollectingListener();
        engine.submit(request(HOSPITAL, prompt(9, 10)).maxTokens(5).build(), waiting)
                .cancel();
        FinishedCompletion finished = waiting.await();
        assertThat(finished.reason()).isEqualTo(FinishReason.CANCELLED);
        busy.forEach(listener -> assertThat(listener.await().reason()).isEqualTo(FinishReason.LENGTH));
    }

    @Test
    void aFailedStepFailsItsRequestsAndTheEngineGoesOn() {
        CollectingListener first =
                submit(request(HOSPITAL, prompt(1, 10)).maxTokens(200).stop("\u0000never"));
        first.awaitText();
        backend.failNextStep();
        assertThatExceptionOfType(InferenceException.EngineFailed.class).isThrownBy(first::await);
        CollectingListener second = submit(request(HOSPITAL, prompt(1, 10)).maxTokens(5));
        assertThat(second.await().completionTokens()).isEqualTo(5);
        awaitIdle();
        assertThat(engine.metrics().failures()).isEqualTo(new EngineMetrics.Failures(1, 0));
        assertThat(engine.metrics().cache().inUse()).isZero();
    }

    @Test
    void aListenerThatThrowsOrBlocksHarmsNobodyElse() throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        CompletableFuture<FinishedCompletion> broken = new CompletableFuture<>();
        engine.submit(request(BROKER, prompt(1, 5)).build(), new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                throw new IllegalStateException("this listener is broken");
            }

            @Override
            public void onFinish(FinishedCompletion finished) {
                broken.complete(finished);
            }

            @Override
            public void onFailure(InferenceException failure) {
                broken.completeExceptionally(failure);
            }
        });
        engine.submit(request(BROKER, prompt(2, 5)).maxTokens(5).build(), new CompletionListener() {
            @Override
            public void onText(TextDelta delta) {
                try {
                    blocked.await(60, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public void onFinish(FinishedCompletion finished) {}

            @Override
            public void onFailure(InferenceException failure) {}
        });
        CollectingListener healthy = submit(request(HOSPITAL, prompt(3, 5)).maxTokens(20));
        assertThat(healthy.await().completionTokens()).isEqualTo(20);
        assertThat(broken.orTimeout(60, TimeUnit.SECONDS).join().reason()).isEqualTo(FinishReason.CANCELLED);
        blocked.countDown();
    }

    @Test
    void closingEndsWhatIsRunning() {
        CollectingListener listener = submit(request(HOSPITAL, prompt(1, 10)));
        engine.close();
        assertThatExceptionOfType(InferenceException.ShuttingDown.class).isThrownBy(listener::await);
        assertThatExceptionOfType(InferenceException.ShuttingDown.class)
                .isThrownBy(() -> submit(request(HOSPITAL, prompt(1, 10))));
    }
}
