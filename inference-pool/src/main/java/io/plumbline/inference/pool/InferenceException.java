package io.plumbline.inference.pool;

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

    /** The engine failed; the fault is ours. */
    public static final class EngineFailed extends InferenceException {
        private static final long serialVersionUID = 1L;

        public EngineFailed(String message, Throwable cause) {
            super(message);
            initCause(cause);
        }
    }
}
