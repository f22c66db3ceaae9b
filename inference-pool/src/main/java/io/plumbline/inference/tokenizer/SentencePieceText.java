package io.plumbline.inference.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Normalisation as SentencePiece does it (Kudo and Richardson 2018, arXiv 1808.06226): the longest rule of the character
 * table everywhere but in user-defined tokens, then spaces as the model says.
 */
final class SentencePieceText implements UnigramText {
    private static final byte[] MARK = String.valueOf(SPACE_MARK).getBytes(StandardCharsets.UTF_8);

    private final CharacterMap characters;
    private final ByteTrie userDefined;
    private final Spaces spaces;

    /**
     * What happens to spaces.
     *
     * @param added where a space is added to the text
     * @param removeExtra whether spaces at both ends vanish and runs become one ({@code remove_extra_whitespaces})
     */
    record Spaces(Added added, boolean removeExtra) {}

    /** Where {@code add_dummy_prefix} adds a space. */
    enum Added {
        NOWHERE,
        IN_FRONT,
        /** Words end with their space ({@code treat_whitespace_as_suffix}). */
        BEHIND
    }

    /** @param userDefined spellings of user-defined tokens */
    SentencePieceText(CharacterMap characters, ByteTrie userDefined, Spaces spaces) {
        this.characters = characters;
        this.userDefined = userDefined;
        this.spaces = spaces;
    }

    @Override
    public List<byte[]> stretches(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        int position = 0;
        while (spaces.removeExtra() && position < in.length) {
            CharacterMap.Replacement step = step(in, position);
            if (!Arrays.equals(step.bytes(), new byte[] {' '})) {
                break;
            }
            position += step.length();
        }
        if (position == in.length) {
            return List.of();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(in.length * 2);
        if (spaces.added() == Added.IN_FRONT) {
            out.writeBytes(MARK);
        }
        boolean afterSpace = spaces.removeExtra();
        while (position < in.length) {
            CharacterMap.Replacement step = step(in, position);
            afterSpace = write(step.bytes(), afterSpace, out) && spaces.removeExtra();
            position += step.length();
        }
        byte[] normalised = spaces.removeExtra() ? withoutMarksAtEnd(out.toByteArray()) : out.toByteArray();
        if (spaces.added() == Added.BEHIND) {
            out.reset();
            out.writeBytes(normalised);
            out.writeBytes(MARK);
            normalised = out.toByteArray();
        }
        return normalised.length == 0 ? List.of() : List.of(normalised);
    }

    /** What stands for the next characters. */
    private CharacterMap.Replacement step(byte[] in, int position) {
        int token = userDefined.longestMatch(in, position);
        if (token > 0) {
            return new CharacterMap.Replacement(token, Arrays.copyOfRange(in, position, position + token));
        }
        CharacterMap.Replacement rule = characters.longest(in, position);
        if (rule.length() > 0) {
            return rule;
        }
        int length = SentencePieceUnigram.characterLength(in[position]);
        return new CharacterMap.Replacement(length, Arrays.copyOfRange(in, position, position + length));
    }

    /** Writes without leading spaces after a space; returns whether what stands there now ends in a space. */
    private static boolean write(byte[] bytes, boolean afterSpace, ByteArrayOutputStream out) {
        int first = 0;
        while (afterSpace && first < bytes.length && bytes[first] == ' ') {
            first++;
        }
        if (first == bytes.length) {
            return afterSpace;
        }
        for (int i = first; i < bytes.length; i++) {
            if (bytes[i] == ' ') {
                out.writeBytes(MARK);
            } else {
                out.write(bytes[i]);
            }
        }
        return bytes[bytes.length - 1] == ' ';
    }

    private static byte[] withoutMarksAtEnd(byte[] text) {
        int end = text.length;
        while (end >= MARK.length && Arrays.equals(text, end - MARK.length, end, MARK, 0, MARK.length)) {
            end -= MARK.length;
        }
        return Arrays.copyOf(text, end);
    }
}
