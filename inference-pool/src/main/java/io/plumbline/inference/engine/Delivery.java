package io.plumbline.inference.engine;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the pieces of one answer from the engine's thread to its listener, on a virtual thread of its own: a slow or
 * broken listener holds up nobody else. What is queued is bounded by the answer's length.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletionListener listener;

    /** One call of the listener. */
    private sealed interface Piece {
        record Text(TextDelta delta) implements Piece {}

        record Finish(FinishedCompletion finished) implements Piece {}

        record Failure(InferenceException failure) implements Piece {}
    }

    Delivery(CompletionListener listener) {
        this.listener = listener;
    }

    /**
     * Begins to deliver.
     *
     * @param onBrokenListener called when the listener throws
     */
    void start(String threadName, Runnable onBrokenListener) {
        Thread.ofVirtual().name(threadName).start(() -> run(onBrokenListener));
    }

    void text(TextDelta delta) {
        if (!delta.text().isEmpty() || !delta.logprobs().isEmpty()) {
            pieces.add(new Piece.Text(delta));
        }
    }

    void finish(FinishedCompletion finished) {
        pieces.add(new Piece.Finish(finished));
    }

    void fail(InferenceException failure) {
        pieces.add(new Piece.Failure(failure));
    }

    private void run(Runnable onBrokenListener) {
        try {
            boolean more = true;
            while (more) {
                more = deliver(pieces.take(), onBrokenListener);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether more pieces follow. */
    private boolean deliver(Piece piece, Runnable onBrokenListener) {
        return switch (piece) {
            case Piece.Text(TextDelta delta) -> {
                call(onBrokenListener, l -> l.onText(delta));
                yield true;
            }
            case Piece.Finish(FinishedCompletion finished) -> {
                call(onBrokenListener, l -> l.onFinish(finished));
                yield false;
            }
            case Piece.Failure(InferenceException failure) -> {
                call(onBrokenListener, l -> l.onFailure(failure));
                yield false;
            }
        };
    }

    private void call(Runnable onBrokenListener, Consumer<CompletionListener> call) {
        try {
            call.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("the listener of an answer failed; the answer is cancelled", e);
            onBrokenListener.run();
        }
    }
}
