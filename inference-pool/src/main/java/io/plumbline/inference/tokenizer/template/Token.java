package io.plumbline.inference.tokenizer.template;

/**
 * A token of a template.
 *
 * @param kind what it is
 * @param text data, name, operator, number as written, or a string's decoded value
 * @param line from 1
 */
record Token(Kind kind, String text, int line) {
    enum Kind {
        /** Text outside of tags. */
        DATA,
        /** Start of an expression tag. */
        OUTPUT_BEGIN,
        OUTPUT_END,
        /** Start of a statement tag. */
        BLOCK_BEGIN,
        BLOCK_END,
        NAME,
        STRING,
        WHOLE,
        REAL,
        OPERATOR,
        END
    }

    boolean is(Kind wanted, String wantedText) {
        return kind == wanted && text.equals(wantedText);
    }
}
