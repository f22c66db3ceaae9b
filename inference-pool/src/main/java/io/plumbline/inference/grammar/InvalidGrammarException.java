package io.plumbline.inference.grammar;

/** A schema, expression or grammar that cannot be used; the message is for whoever wrote it and says what to do. */
public final class InvalidGrammarException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidGrammarException(String message) {
        super(message);
    }

    /** Not null: every such exception has a message. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
