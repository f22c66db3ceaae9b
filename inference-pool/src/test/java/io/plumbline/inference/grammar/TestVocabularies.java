package io.plumbline.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small vocabularies with what makes tokens awkward: parts of characters, several closing brackets, text across syntax. */
public final class TestVocabularies {
    /** The token that ends an answer. */
    public static final int END = 0;

    private static final List<String> PIECES = List.of(
            "true",
            "false",
            "null",
            "tru",
            "ue",
            "\"",
            "\":",
            "\": \"",
            "\", \"",
            "\"}",
            "\"]",
            "}}",
            "}}}",
            "]]",
            "]}",
            "}]",
            "},",
            "}, {\"",
            "[{",
            "[[",
            "{\"",
            "[\"",
            "\\\"",
            "\\u",
            "\\n",
            "\\\\",
            ", ",
            ": ",
            ":",
            "  ",
            "\n",
            "\t",
            "0",
            "00",
            "12",
            "345",
            "-1",
            ".5",
            "e10",
            "E+",
            "1e",
            "name",
            "id",
            "value",
            "items",
            "kind",
            " the",
            "the",
            "ing",
            "caf",
            "é",
            "日本",
            "日",
            "本語",
            "🙂",
            "a",
            "b",
            "c",
            "ab",
            "abc",
            "xyz",
            "2024",
            "-02-",
            "2",
            "9",
            "T",
            "Z",
            "@",
            ".com",
            "<tool",
            "_call>",
            "</",
            "tool_call>",
            "<",
            ">",
            "plain words that are quite long");

    private TestVocabularies() {}

    /** Every byte, pieces of JSON, whole and cut characters, and the end. */
    public static TokenVocabulary small() {
        return new TokenVocabulary(texts(), new int[] {END});
    }

    /** Its tokens; the first is the end and has no text, the second has none either. */
    public static List<byte[]> texts() {
        List<byte[]> texts = new ArrayList<>(List.of(new byte[0], new byte[0]));
        for (int b = 0; b < 256; b++) {
            texts.add(new byte[] {(byte) b});
        }
        for (String piece : PIECES) {
            texts.add(piece.getBytes(StandardCharsets.UTF_8));
        }
        byte[] face = "🙂".getBytes(StandardCharsets.UTF_8);
        texts.add(new byte[] {face[0], face[1]});
        texts.add(new byte[] {face[2], face[3]});
        texts.add(new byte[] {face[3], '"'});
        texts.add(new byte[] {'a', face[0]});
        texts.add("true".getBytes(StandardCharsets.UTF_8)); // the same text twice
        return texts;
    }

    /** Random pieces of up to 8 characters of the language of JSON, and every byte. */
    public static TokenVocabulary random(int size, Random random) {
        List<byte[]> texts = new ArrayList<>(texts());
        String alphabet = "{}[]\",: \\ntrufalse0123456789.-+eEabcxyz é日🙂";
        int[] characters = alphabet.codePoints().toArray();
        while (texts.size() < size) {
            StringBuilder piece = new StringBuilder();
            int length = 1 + random.nextInt(8);
            for (int i = 0; i < length; i++) {
                piece.appendCodePoint(characters[random.nextInt(characters.length)]);
            }
            texts.add(piece.toString().getBytes(StandardCharsets.UTF_8));
        }
        return new TokenVocabulary(texts, new int[] {END});
    }
}
