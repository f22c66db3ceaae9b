package io.plumbline.inference.tokenizer;

/** What a token stands for; the order is that of the numbers in GGUF files, which begin at 1. */
public enum TokenKind {
    /** A piece of text. */
    NORMAL,
    /** Stands for text that cannot be expressed. */
    UNKNOWN,
    /** Begin and end of turns and texts; never part of visible text. */
    CONTROL,
    /** A piece of text that is always one token. */
    USER_DEFINED,
    /** Reserved. */
    UNUSED,
    /** One byte, for characters that the vocabulary lacks. */
    BYTE;

    private static final TokenKind[] BY_NUMBER = values();

    /** The kind of that GGUF number; unknown numbers count as {@link #NORMAL}. */
    static TokenKind ofGgufNumber(long number) {
        return number >= 1 && number <= BY_NUMBER.length ? BY_NUMBER[(int) number - 1] : NORMAL;
    }

    /** Whether the token is left out of visible text. */
    public boolean isSpecial() {
        return this == UNKNOWN || this == CONTROL;
    }
}
