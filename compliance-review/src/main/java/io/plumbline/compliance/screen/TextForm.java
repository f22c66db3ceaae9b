package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.JsonEscapes;
import io.plumbline.inference.toolcall.ToolCallFormat;

/**
 * Who reads a text: people, or a program that expects a form. Where a program reads, rules put no words of their own (they
 * become {@link Notice}s beside the text), and masks keep JSON well-formed.
 */
public enum TextForm {
    /** Words for people. */
    PROSE,
    /** A JSON text (RFC 8259), as a whole. */
    JSON,
    /** Words for people, if any, and behind them, if any, calls of tools as {@link ToolCallFormat} writes them. */
    CALLS,
    /** Any other form that is fixed to the letter: an expression, one of several texts. */
    VERBATIM;

    /** Index from which on a program reads; {@link Integer#MAX_VALUE} if nothing of it. */
    int fixedFrom(CharSequence text) {
        return fixedFrom(text, text.length());
    }

    /** As {@link #fixedFrom(CharSequence)}, of the text's first characters. */
    private int fixedFrom(CharSequence text, int length) {
        return switch (this) {
            case PROSE -> Integer.MAX_VALUE;
            case JSON, VERBATIM -> 0;
            case CALLS -> {
                int marker = text.subSequence(0, length).toString().indexOf(ToolCallFormat.MARKER);
                yield marker < 0 ? Integer.MAX_VALUE : marker;
            }
        };
    }

    /**
     * Index from which on a text is JSON; {@link JsonEscapes#NONE} if it is none.
     *
     * @param length of the beginning that is looked at
     */
    int jsonFrom(CharSequence text, int length) {
        return switch (this) {
            case PROSE, VERBATIM -> JsonEscapes.NONE;
            case JSON, CALLS -> fixedFrom(text, length);
        };
    }
}
