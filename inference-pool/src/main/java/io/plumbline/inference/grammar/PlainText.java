package io.plumbline.inference.grammar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Plain characters are those that stand for themselves in a JSON string: whole characters in UTF-8 but controls, quotation
 * mark and backslash. Most tokens of a vocabulary are plain; where a state takes any plain text, they need not be looked at
 * one by one.
 */
final class PlainText {
    /** The bytes of a plain character: each row is a sequence of pairs, first and last. */
    static final List<int[]> CHARACTER = List.of(
            new int[] {0x20, 0x21},
            new int[] {0x23, 0x5B},
            new int[] {0x5D, 0x7F},
            new int[] {0xC2, 0xDF, 0x80, 0xBF},
            new int[] {0xE0, 0xE0, 0xA0, 0xBF, 0x80, 0xBF},
            new int[] {0xE1, 0xEC, 0x80, 0xBF, 0x80, 0xBF},
            new int[] {0xED, 0xED, 0x80, 0x9F, 0x80, 0xBF},
            new int[] {0xEE, 0xEF, 0x80, 0xBF, 0x80, 0xBF},
            new int[] {0xF0, 0xF0, 0x90, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
            new int[] {0xF1, 0xF3, 0x80, 0xBF, 0x80, 0xBF, 0x80, 0xBF},
            new int[] {0xF4, 0xF4, 0x80, 0x8F, 0x80, 0xBF, 0x80, 0xBF});

    private PlainText() {}

    /** Characters of a text, or -1 if it is not plain. */
    static int length(byte[] bytes) {
        for (byte b : bytes) {
            if ((b >= 0 && b < 0x20) || b == '"' || b == '\\') {
                return -1;
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.codePointCount(0, text.length());
        } catch (CharacterCodingException e) {
            return -1; // parts of characters are looked at one by one
        }
    }
}
