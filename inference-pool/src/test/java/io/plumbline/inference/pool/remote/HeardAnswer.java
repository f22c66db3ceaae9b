package io.plumbline.inference.pool.remote;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** Keeps everything a listener hears, and how often it heard of the end. */
final class HeardAnswer implements CompletionListener {
    private static final int PATIENCE_SECONDS = 20;

    private final List<TextDelta> deltas = new CopyOnWriteArrayList<>();
    private final CompletableFuture<FinishedCompletion> finished = new CompletableFuture<>();
    private final CountDownLatch first = new CountDownLatch(1);
    final AtomicInteger ends = new AtomicInteger();

    @Override
    public void onText(TextDelta delta) {
        deltas.add(delta);
        first.countDown();
    }

    @Override
    public void onFinish(FinishedCompletion end) {
        ends.incrementAndGet();
        finished.complete(end);
    }

    @Override
    public void onFailure(InferenceException failure) {
        ends.incrementAndGet();
        finished.completeExceptionally(failure);
    }

    String text() {
        return deltas.stream().map(TextDelta::text).collect(Collectors.joining());
    }

    List<TextDelta> pieces() {
        return List.copyOf(deltas);
    }

    List<TokenLogprob> logprobs() {
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).toList();
    }

    void awaitText() throws InterruptedException {
        if (!first.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("no text came");
        }
    }

    FinishedCompletion await() throws InterruptedException, TimeoutException {
        try {
            return finished.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("the answer failed", e.getCause());
        }
    }

    InferenceException awaitFailure() throws InterruptedException, TimeoutException {
        try {
            throw new AssertionError("the answer did not fail: " + finished.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                return failure;
            }
            throw new AssertionError("the failure is none of the pool's", e);
        }
    }
}
