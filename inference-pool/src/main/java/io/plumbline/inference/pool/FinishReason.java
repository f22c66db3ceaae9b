package io.plumbline.inference.pool;

/** Why an answer ended. */
public enum FinishReason {
    /** The model ended it, or a stop string was reached. */
    STOP,
    /** The token limit or the end of the context was reached. */
    LENGTH,
    /** The caller went away or cancelled. */
    CANCELLED
}
