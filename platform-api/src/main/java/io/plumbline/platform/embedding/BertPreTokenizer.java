package io.plumbline.platform.embedding;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a text into words as BERT does: control characters go, blanks separate, every Chinese character and every
 * punctuation mark is a word. Source: {@code BasicTokenizer} of the BERT release (Devlin et al. 2018) and
 * {@code BertNormalizer}/{@code BertPreTokenizer} of Hugging Face tokenizers, with {@code lowercase=false,
 * strip_accents=false}.
 */
final class BertPreTokenizer {
    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    private BertPreTokenizer() {}

    /** The words in order; none if the text has nothing to read. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (isBlank(c)) {
                end(word, words);
            } else if (isChinese(c) || isPunctuation(c)) {
                end(word, words);
                words.add(Character.toString(c));
            } else if (!isDropped(c)) { // what is dropped joins what stands around it
                word.appendCodePoint(c);
            }
        }
        end(word, words);
        return words;
    }

    private static void end(StringBuilder word, List<String> words) {
        if (!word.isEmpty()) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static boolean isBlank(int c) {
        return c == '\t' || c == '\n' || c == '\r' || Character.isSpaceChar(c);
    }

    private static boolean isDropped(int c) {
        return c == REPLACEMENT_CHARACTER
                || switch (Character.getType(c)) {
                    case Character.CONTROL, Character.FORMAT, Character.PRIVATE_USE, Character.SURROGATE -> true;
                    default -> false; // categories are int constants, not an enum
                };
    }

    /** ASCII signs such as $ and ^ are symbols for Unicode and punctuation for BERT. */
    private static boolean isPunctuation(int c) {
        boolean ascii =
                (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
        return ascii
                || switch (Character.getType(c)) {
                    case Character.CONNECTOR_PUNCTUATION,
                            Character.DASH_PUNCTUATION,
                            Character.START_PUNCTUATION,
                            Character.END_PUNCTUATION,
                            Character.INITIAL_QUOTE_PUNCTUATION,
                            Character.FINAL_QUOTE_PUNCTUATION,
                            Character.OTHER_PUNCTUATION -> true;
                    default -> false; // categories are int constants, not an enum
                };
    }

    /** The ideograph blocks that BERT knows; those of later Unicode versions are not among them. */
    private static boolean isChinese(int c) {
        return (c >= 0x4E00 && c <= 0x9FFF)
                || (c >= 0x3400 && c <= 0x4DBF)
                || (c >= 0x20000 && c <= 0x2A6DF)
                || (c >= 0x2A700 && c <= 0x2B73F)
                || (c >= 0x2B740 && c <= 0x2B81F)
                || (c >= 0x2B920 && c <= 0x2CEAF)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0x2F800 && c <= 0x2FA1F);
    }
}
