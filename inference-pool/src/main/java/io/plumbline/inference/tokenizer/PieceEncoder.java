package io.plumbline.inference.tokenizer;

/** Turns plain text, in which special tokens have no meaning, into tokens. */
interface PieceEncoder {
    /** Appends the tokens of {@code text}. */
    void encode(String text, IntList tokens);

    /** The bytes that a token of plain text stands for. */
    byte[] bytes(String spelling, TokenKind kind);

    /** Whether the encoder itself puts the space in front of a text, as a part of normalising it. */
    default boolean normalises() {
        return false;
    }

    /** Whether the encoder itself finds user-defined tokens; otherwise they never reach it. */
    default boolean findsUserDefined() {
        return false;
    }
}
