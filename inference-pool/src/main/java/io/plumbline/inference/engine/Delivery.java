package io.plumbline.inference.engine;

import io.plumbline.inference.pool.CompletionListener;
import io.plumbline.inference.pool.FinishedCompletion;
import io.plumbline.inference.pool.InferenceException;
import io.plumbline.inference.pool.TextDelta;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the pieces of one answer from the engine's thread to its listener, on a virtual thread of its own: a slow or
 * broken listener holds up nobody else. The queue is bounded by the engine, which does not go on with an answer that is
 * {@link #behind}.
 */
final class Delivery {
    /** Pieces in the queue at which the listener counts as slow. */
    static final int SLOW = 256;
    /** Pieces in the queue at which it has caught up. */
    static final int CAUGHT_UP = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
    private final CompletionListener listener;
    private final AtomicReference<@Nullable Runnable> onCaughtUp = new AtomicReference<>();

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
     * @param onEnd called when the last piece has been delivered
     */
    void start(String threadName, Runnable onBrokenListener, Runnable onEnd) {
        Thread.ofVirtual().name(threadName).start(() -> {
            try {
                run(onBrokenListener);
            } finally {
                onEnd.run();
            }
        });
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

    /** Whether the listener takes pieces more slowly than they come. */
    boolean behind() {
        return pieces.size() >= SLOW;
    }

    /** Calls {@code action} once, from any thread, when the listener has caught up; at once if it has. */
    void whenCaughtUp(Runnable action) {
        onCaughtUp.set(action);
        tellCaughtUp();
    }

    private void tellCaughtUp() {
        if (pieces.size() <= CAUGHT_UP) {
            Runnable action = onCaughtUp.getAndSet(null);
            if (action != null) {
                action.run();
            }
        }
    }

    private void run(Runnable onBrokenListener) {
        try {
            boolean more = true;
            while (more) {
                more = deliver(pieces.take(), onBrokenListener);
                tellCaughtUp();
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
