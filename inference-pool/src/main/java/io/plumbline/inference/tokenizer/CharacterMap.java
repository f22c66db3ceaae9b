package io.plumbline.inference.tokenizer;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The normaliser's table in SentencePiece models ({@code precompiled_charsmap}): a double-array trie from UTF-8 strings to
 * their replacements. Stored are the trie's size in bytes, its 32-bit units (little-endian; Yata's darts-clone layout) and
 * the replacements, each ended by a zero byte.
 */
final class CharacterMap {
    /** Replaces nothing. */
    static final CharacterMap IDENTITY = new CharacterMap(new int[0], new byte[0]);

    private static final int NO_RULE = -1;

    private final int[] units;
    private final byte[] replacements;

    /**
     * What a rule does.
     *
     * @param length bytes replaced, at least 1
     * @param bytes what stands there instead; may be empty
     */
    record Replacement(int length, byte[] bytes) {}

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
    }

    /**
     * Reads a table; no bytes at all are the identity.
     *
     * @throws IllegalArgumentException if it is damaged
     */
    static CharacterMap of(byte[] blob) {
        if (blob.length == 0) {
            return IDENTITY;
        }
        ByteBuffer in = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        long trieBytes = blob.length < Integer.BYTES ? -1 : Integer.toUnsignedLong(in.getInt());
        boolean fits = trieBytes > 0 && trieBytes % Integer.BYTES == 0 && trieBytes < in.remaining();
        if (!fits || blob[blob.length - 1] != 0) {
            throw new IllegalArgumentException(
                    "%d bytes are no table of characters with a trie of %d bytes".formatted(blob.length, trieBytes));
        }
        int[] units = new int[(int) trieBytes / Integer.BYTES];
        in.asIntBuffer().get(units);
        return new CharacterMap(units, Arrays.copyOfRange(blob, Integer.BYTES + (int) trieBytes, blob.length));
    }

    /** The rule for the longest string at {@code from}, or a replacement of length 0 if there is none. */
    Replacement longest(byte[] text, int from) {
        return find(text, from, text.length, false);
    }

    /** The rule for the shortest string at {@code from} that ends by {@code to}, or one of length 0 if there is none. */
    Replacement shortest(byte[] text, int from, int to) {
        return find(text, from, to, true);
    }

    private Replacement find(byte[] text, int from, int to, boolean first) {
        int length = 0;
        int rule = NO_RULE;
        int position = units.length == 0 ? 0 : offset(units[0]);
        for (int i = from; i < to; i++) {
            int label = text[i] & 0xFF;
            position ^= label;
            if (position >= units.length || (units[position] & 0x8000_00FF) != label) {
                break;
            }
            int unit = units[position];
            position ^= offset(unit);
            boolean ends = (unit & 0x100) != 0 && position < units.length;
            int value = ends ? units[position] & Integer.MAX_VALUE : NO_RULE;
            if (value >= 0 && value < replacements.length) { // a number beyond the table counts as none
                rule = value;
                length = i + 1 - from;
                if (first) {
                    break;
                }
            }
        }
        return rule == NO_RULE ? new Replacement(0, new byte[0]) : new Replacement(length, replacement(rule));
    }

    private byte[] replacement(int start) {
        int end = start;
        while (replacements[end] != 0) { // the last byte is zero
            end++;
        }
        return Arrays.copyOfRange(replacements, start, end);
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 0x200) >>> 6);
    }
}
