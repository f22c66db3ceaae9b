package io.plumbline.finetune.runner;

/** A job's file or base model is gone since the job was created; the message is meant for the tenant. */
public final class MissingInputException extends Exception {
    private static final long serialVersionUID = 1L;
    private final String param;
    private final String explanation;

    /** @param param the request parameter that named it, such as {@code training_file} */
    public MissingInputException(String param, String message) {
        super(message);
        this.param = param;
        explanation = message;
    }

    /** What happened and what to do, for the tenant. */
    public String explanation() {
        return explanation;
    }

    public String param() {
        return param;
    }
}
