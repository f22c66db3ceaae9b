package io.plumbline.inference.tokenizer;

/** Turns plain text, which contains no special tokens, into tokens. */
interface PieceEncoder {
    /** Appends the tokens of {@code text}. */
    void encode(String text, IntList tokens);

    /** The bytes that a token of plain text stands for. */
    byte[] bytes(String spelling, TokenKind kind);
}
