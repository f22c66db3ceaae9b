package io.plumbline.finetune.training;

/** A run that cannot start or go on; the message is meant for the tenant and says what to do. */
public final class TrainingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who has to act. */
    public enum Kind {
        /** The spec or a command-line option is wrong. */
        SETTINGS,
        /** The training or held-out data are wrong. */
        DATA,
        /** The model, the adapter or a data file cannot be read. */
        INPUT,
        /** The backend cannot run this model here. */
        BACKEND,
        /** The output folder cannot be written, or belongs to another run. */
        OUTPUT,
        /** The loss is no longer a number. */
        DIVERGED
    }

    private final Kind kind;

    public TrainingException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public TrainingException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
