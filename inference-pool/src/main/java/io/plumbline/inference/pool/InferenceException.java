package io.plumbline.inference.pool;

import java.time.Duration;
import java.util.OptionalInt;

/** Why the pool did not answer; one subclass per fact. The message is meant for the caller and says what to do. */
public abstract sealed class InferenceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private InferenceException(String message) {
        super(message);
    }

    /** No base model of that id. */
    public static final class UnknownModel extends InferenceException {
        private static final long serialVersionUID = 1L;

        public UnknownModel(String model) {
            super("The model '%s' does not exist; GET /v1/models lists those that do.".formatted(model));
        }
    }

    /** The adapter is not loaded, or belongs to another tenant. */
    public static final class UnknownAdapter extends InferenceException {
        private static final long serialVersionUID = 1L;

        public UnknownAdapter(String adapter) {
            super("The adapter '%s' is not loaded.".formatted(adapter));
        }
    }

    /** The prompt does not fit into the context. */
    public static final class PromptTooLong extends InferenceException {
        private static final long serialVersionUID = 1L;

        public PromptTooLong(int tokens, int contextLength) {
            super("The prompt has %d tokens; this model's context holds %d, answer included. Shorten the messages."
                    .formatted(tokens, contextLength));
        }
    }

    /** The prompt cannot be rendered: no chat template, or the template refused the messages. */
    public static final class InvalidPrompt extends InferenceException {
        private static final long serialVersionUID = 1L;

        public InvalidPrompt(String message) {
            super(message);
        }
    }

    /** The form that an answer is to have cannot be guaranteed. */
    public static final class InvalidConstraint extends InferenceException {
        private static final long serialVersionUID = 1L;

        public InvalidConstraint(String message) {
            super(message);
        }
    }

    /** An adapter's files do not fit the base model or are broken. */
    public static final class InvalidAdapter extends InferenceException {
        private static final long serialVersionUID = 1L;

        public InvalidAdapter(String message) {
            super(message);
        }
    }

    /** Too many requests wait already; try again later. */
    public static final class Overloaded extends InferenceException {
        private static final long serialVersionUID = 1L;
        private final int retryAfterSeconds;

        public Overloaded(int retryAfterSeconds) {
            super("All engines are busy and the queue is full; try again in %d s.".formatted(retryAfterSeconds));
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public int retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /** The tenant has used what it may use of the pool; try again later. */
    public static final class TenantLimitReached extends InferenceException {
        private static final long serialVersionUID = 1L;
        private final int retryAfterSeconds;

        /** @param limit the limit, as in {@code "20 requests at a time"} */
        public TenantLimitReached(String limit, int retryAfterSeconds) {
            super("The limit of %s is reached; try again in %d s.".formatted(limit, retryAfterSeconds));
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public int retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /** The answer was not complete by the time it was wanted. */
    public static final class DeadlineExceeded extends InferenceException {
        private static final long serialVersionUID = 1L;

        public DeadlineExceeded(Duration limit) {
            super(("The answer was not complete within %s s. Ask for fewer tokens, allow more time,"
                            + " or try again when there is less to do.")
                    .formatted(limit.toMillis() / 1000.0));
        }
    }

    /** The pool is about to stop and takes nothing new; another process may. */
    public static final class ShuttingDown extends InferenceException {
        private static final long serialVersionUID = 1L;
        private static final int RETRY_SECONDS = 10;

        public ShuttingDown() {
            super("The inference engine is shutting down; try again in %d s.".formatted(RETRY_SECONDS));
        }

        public int retryAfterSeconds() {
            return RETRY_SECONDS;
        }
    }

    /** There is not enough memory for the model, now or ever. */
    public static final class NoRoomForModel extends InferenceException {
        private static final long serialVersionUID = 1L;
        private final OptionalInt retryAfterSeconds;

        /**
         * @param message with the numbers and the remedy
         * @param retryAfterSeconds empty = waiting does not help
         */
        public NoRoomForModel(String message, OptionalInt retryAfterSeconds) {
            super(message);
            this.retryAfterSeconds = retryAfterSeconds;
        }

        public OptionalInt retryAfterSeconds() {
            return retryAfterSeconds;
        }
    }

    /** The engine failed; the fault is ours. */
    public static final class EngineFailed extends InferenceException {
        private static final long serialVersionUID = 1L;

        public EngineFailed(String message, Throwable cause) {
            super(message);
            initCause(cause);
        }
    }
}
