package io.plumbline.inference.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The 256 printable characters by which byte-level vocabularies spell bytes (Radford et al. 2019, GPT-2): printable
 * Latin-1 characters stand for themselves, the other bytes for U+0100 and following, in order.
 */
final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final char[] CHARACTER_OF = new char[256];
    private static final int[] BYTE_OF = new int[FIRST_SUBSTITUTE + 256];

    static {
        Arrays.fill(BYTE_OF, -1);
        int substitute = FIRST_SUBSTITUTE;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || (b >= 0xAE);
            char character = (char) (printable ? b : substitute++);
            CHARACTER_OF[b] = character;
            BYTE_OF[character] = b;
        }
    }

    private ByteAlphabet() {}

    /** The character that spells a byte (0 to 255). */
    static char character(int b) {
        return CHARACTER_OF[b];
    }

    /** The bytes that a token's spelling stands for; characters outside the alphabet stand for themselves. */
    static byte[] bytes(String spelling) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(spelling.length());
        spelling.codePoints().forEach(c -> {
            int b = c < BYTE_OF.length ? BYTE_OF[c] : -1;
            if (b >= 0) {
                bytes.write(b);
            } else {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
            }
        });
        return bytes.toByteArray();
    }
}
