package io.plumbline.inference.bench;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Notes when an answer begins and ends, and keeps it. */
final class TimedAnswer implements CompletionListener {
    private final long startNanos = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final CompletableFuture<Timed> result = new CompletableFuture<>();
    private long firstNanos;
    private int tokensBeforeText;

    /**
     * A finished answer.
     *
     * @param text all of it
     * @param logprobs one per token if they were asked for
     * @param tokensOfFirstPiece how many tokens the first piece of text has; known only with log-probabilities
     * @param times when it was asked for, began and ended, by {@link System#nanoTime()}
     * @param finished how it ended
     */
    record Timed(
            String text,
            List<TokenLogprob> logprobs,
            int tokensOfFirstPiece,
            Times times,
            FinishedCompletion finished) {}

    /** Moments, by {@link System#nanoTime()}. */
    record Times(long start, long first, long end) {}

    @Override
    public void onText(TextDelta delta) {
        logprobs.addAll(delta.logprobs());
        if (firstNanos == 0 && !delta.text().isEmpty()) {
            firstNanos = System.nanoTime();
            tokensBeforeText = logprobs.size();
        }
        text.append(delta.text());
    }

    @Override
    public void onFinish(FinishedCompletion finished) {
        long now = System.nanoTime();
        Times times = new Times(startNanos, firstNanos == 0 ? now : firstNanos, now);
        result.complete(
                new Timed(text.toString(), List.copyOf(logprobs), Math.max(1, tokensBeforeText), times, finished));
    }

    @Override
    public void onFailure(InferenceException failure) {
        result.completeExceptionally(failure);
    }

    /** Waits for the end; throws the failure if it was one. */
    Timed await() {
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
