package io.plumbline.inference.pool;

/** A submitted request. */
public interface Completion {
    /** Tokens of the rendered prompt; of an engine elsewhere an estimate until the answer has told. */
    int promptTokens();

    /** Ends generation at the next step; the listener gets {@link FinishReason#CANCELLED}. Idempotent. */
    void cancel();
}
