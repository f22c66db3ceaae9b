package io.plumbline.platform.remote;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.CompletionRequest;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Keeps everything that a pool says of one answer. */
final class HeardAnswer implements CompletionListener {
    private static final int PATIENCE_SECONDS = 60;

    private final List<TextDelta> deltas = new CopyOnWriteArrayList<>();
    private final CompletableFuture<FinishedCompletion> end = new CompletableFuture<>();

    /** Asks a pool. */
    static HeardAnswer of(InferencePool pool, CompletionRequest request) {
        HeardAnswer answer = new HeardAnswer();
        pool.submit(request, answer);
        return answer;
    }

    @Override
    public void onText(TextDelta delta) {
        deltas.add(delta);
    }

    @Override
    public void onFinish(FinishedCompletion finished) {
        end.complete(finished);
    }

    @Override
    public void onFailure(InferenceException failure) {
        end.completeExceptionally(failure);
    }

    int pieces() {
        return deltas.size();
    }

    String text() {
        return deltas.stream().map(TextDelta::text).collect(Collectors.joining());
    }

    List<TokenLogprob> logprobs() {
        return deltas.stream().flatMap(delta -> delta.logprobs().stream()).toList();
    }

    /** How it ended; fails if it failed. */
    FinishedCompletion finished() {
        return end.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Why it failed; fails if it did not. */
    InferenceException failure() {
        try {
            throw new AssertionError("it did not fail: " + finished());
        } catch (CompletionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                return failure;
            }
            throw new AssertionError("the failure is none of the pool's", e);
        }
    }
}
