package io.plumbline.inference.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * Turns tokens into text one by one. A character whose bytes come in several tokens is held back until it is complete;
 * bytes that can never become a character come out as U+FFFD. Not for use by several threads at once.
 */
public final class StreamingDecoder {
    private final IntFunction<byte[]> bytes;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] heldBack = {};

    /** @param bytes the UTF-8 that a token stands for */
    public StreamingDecoder(IntFunction<byte[]> bytes) {
        this.bytes = bytes;
    }

    /** The text that this token completes; often empty for a part of a character. */
    public String accept(int token) {
        return decode(bytes.apply(token), false);
    }

    /** What is still held back, as U+FFFD; the decoder can be used again afterwards. */
    public String finish() {
        String rest = decode(new byte[0], true);
        utf8.reset();
        return rest;
    }

    private String decode(byte[] more, boolean end) {
        ByteBuffer in = ByteBuffer.allocate(heldBack.length + more.length);
        in.put(heldBack).put(more).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + 2);
        utf8.reset();
        var result = utf8.decode(in, out, end);
        if (result.isOverflow()) {
            throw new IllegalStateException("UTF-8 never decodes into more characters than bytes");
        }
        heldBack = new byte[in.remaining()];
        in.get(heldBack);
        return out.flip().toString();
    }
}
