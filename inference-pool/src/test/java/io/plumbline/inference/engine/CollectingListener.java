package io.plumbline.inference.engine;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Keeps what an answer delivers. */
final class CollectingListener implements CompletionListener {
    private final List<TextDelta> deltas = new ArrayList<>();
    private final CompletableFuture<FinishedCompletion> end = new CompletableFuture<>();
    private final CountDownLatch begun = new CountDownLatch(1);

    @Override
    public synchronized void onText(TextDelta delta) {
        if (end.isDone()) {
            throw new IllegalStateException("text after the end");
        }
        deltas.add(delta);
        begun.countDown();
    }

    @Override
    public void onFinish(FinishedCompletion finished) {
        if (!end.complete(finished)) {
            throw new IllegalStateException("ended twice");
        }
    }

    @Override
    public void onFailure(InferenceException failure) {
        if (!end.completeExceptionally(failure)) {
            throw new IllegalStateException("ended twice");
        }
    }

    /** Waits for the first piece. */
    void awaitText() {
        try {
            if (!begun.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no text came");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the end; throws the failure if it was one. */
    FinishedCompletion await() {
        try {
            return end.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                throw failure;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized String text() {
        StringBuilder text = new StringBuilder();
        deltas.forEach(delta -> text.append(delta.text()));
        return text.toString();
    }

    synchronized List<TextDelta> deltas() {
        return List.copyOf(deltas);
    }

    synchronized List<TokenLogprob> logprobs() {
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).toList();
    }

    int[] tokens() {
        return logprobs().stream().mapToInt(TokenLogprob::token).toArray();
    }

    double[] probabilities() {
        return logprobs().stream().mapToDouble(TokenLogprob::logprob).toArray();
    }
}
