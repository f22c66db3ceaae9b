package io.plumbline.inference.pool;

/** A submitted request. */
public interface Completion {
    /** Tokens of the rendered prompt. */
    int promptTokens();

    /** Ends generation at the next step; the listener gets {@link FinishReason#CANCELLED}. Idempotent. */
    void cancel();
}
