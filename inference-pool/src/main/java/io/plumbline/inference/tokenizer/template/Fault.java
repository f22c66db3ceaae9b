package io.plumbline.inference.tokenizer.template;

/** An operation failed; the renderer adds the line and makes it a {@link TemplateException}. */
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final TemplateException.Kind kind;

    Fault(String message) {
        this(TemplateException.Kind.EVALUATION, message);
    }

    Fault(TemplateException.Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    TemplateException at(int line) {
        String place = kind == TemplateException.Kind.REFUSED ? "" : " (chat template, line %d)".formatted(line);
        return new TemplateException(kind, getMessage() + place, line);
    }
}
