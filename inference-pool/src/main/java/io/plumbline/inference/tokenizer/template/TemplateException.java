package io.plumbline.inference.tokenizer.template;

/** A chat template cannot be read or rendered. The message is meant for whoever chose template and messages. */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Who has to act. */
    public enum Kind {
        /** The template is no valid template, or uses what is not supported: choose another. */
        SYNTAX,
        /** The template itself refused the messages by {@code raise_exception}: change the messages. */
        REFUSED,
        /** An operation failed on these messages, such as a filter on a value of the wrong type. */
        EVALUATION,
        /** Rendering took too many steps, too much text or too deep nesting. */
        LIMIT
    }

    private final Kind kind;
    private final int line;

    TemplateException(Kind kind, String message, int line) {
        super(message);
        this.kind = kind;
        this.line = line;
    }

    public Kind kind() {
        return kind;
    }

    /** Line of the template, from 1; 0 if unknown. */
    public int line() {
        return line;
    }
}
