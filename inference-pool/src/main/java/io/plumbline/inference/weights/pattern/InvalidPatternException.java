package io.plumbline.inference.weights.pattern;

/** An expression that is wrong, not understood, or too costly to evaluate; the message says which and where. */
public final class InvalidPatternException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int SHOWN = 60;

    InvalidPatternException(String source, String what) {
        super("the expression '%s' %s"
                .formatted(source.length() > SHOWN ? source.substring(0, SHOWN) + "…" : source, what));
    }
}
