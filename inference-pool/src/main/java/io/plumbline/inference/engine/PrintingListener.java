package io.plumbline.inference.engine;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import io.plumbline.inference.pool.TokenLogprob;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Prints an answer as it comes and keeps it. */
final class PrintingListener implements CompletionListener {
    private final @Nullable PrintWriter out;
    private final long startNanos = System.nanoTime();
    private final StringBuilder text = new StringBuilder();
    private final List<TokenLogprob> logprobs = new ArrayList<>();
    private final CompletableFuture<GeneratedAnswer> answer = new CompletableFuture<>();
    private long firstNanos;

    /** @param out where to print; null = keep only */
    PrintingListener(@Nullable PrintWriter out) {
        this.out = out;
    }

    @Override
    public void onText(TextDelta delta) {
        if (firstNanos == 0) {
            firstNanos = System.nanoTime();
        }
        text.append(delta.text());
        logprobs.addAll(delta.logprobs());
        if (out != null) {
            out.print(delta.text());
            out.flush();
        }
    }

    @Override
    public void onFinish(FinishedCompletion finished) {
        long now = System.nanoTime();
        long first = firstNanos == 0 ? now : firstNanos;
        int later = finished.completionTokens() - 1;
        answer.complete(new GeneratedAnswer(
                text.toString(),
                List.copyOf(logprobs),
                finished,
                (first - startNanos) / 1e9,
                later > 0 && now > first ? later / ((now - first) / 1e9) : 0));
    }

    @Override
    public void onFailure(InferenceException failure) {
        answer.completeExceptionally(failure);
    }

    /** Waits for the end; throws the failure if it was one. */
    GeneratedAnswer await() {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof InferenceException failure) {
                throw failure;
            }
            throw e;
        }
    }
}
