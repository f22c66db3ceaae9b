package io.plumbline.inference.constraint;

import java.util.stream.IntStream;

/**
 * A text as a grammar reads it. JSON is read without the white space that means nothing (RFC 8259, section 2): our grammars
 * have none, people and other engines like it. White space between two values stays as one space, so that nothing becomes
 * JSON that was none.
 */
final class JudgedText {
    private static final String BLANKS = " \t\n\r";
    private static final String PUNCTUATION = "{}[],:\"";

    private final String text;
    /** Index in the original text of each character, and of the end. */
    private final int[] origin;

    private JudgedText(String text, int[] origin) {
        this.text = text;
        this.origin = origin;
    }

    String text() {
        return text;
    }

    /** The same characters in another order. */
    JudgedText permuted(int[] indices) {
        StringBuilder permuted = new StringBuilder(indices.length);
        int[] from = new int[indices.length + 1];
        for (int i = 0; i < indices.length; i++) {
            permuted.append(text.charAt(indices[i]));
            from[i] = origin[indices[i]];
        }
        from[indices.length] = origin[text.length()];
        return new JudgedText(permuted.toString(), from);
    }

    /** Index in the original text of a character, or of the end. */
    int origin(int index) {
        return origin[index];
    }

    /** As it is. */
    static JudgedText verbatim(String original) {
        return new JudgedText(
                original, IntStream.rangeClosed(0, original.length()).toArray());
    }

    /** Without white space outside of strings. */
    static JudgedText json(String original) {
        StringBuilder kept = new StringBuilder(original.length());
        int[] origin = new int[original.length() + 1];
        boolean inString = false;
        int i = 0;
        while (i < original.length()) {
            char c = original.charAt(i);
            if (!inString && BLANKS.indexOf(c) >= 0) {
                int end = i;
                while (end < original.length() && BLANKS.indexOf(original.charAt(end)) >= 0) {
                    end++;
                }
                if (parts(kept, original, end)) {
                    origin[kept.length()] = i;
                    kept.append(' ');
                }
                i = end;
                continue;
            }
            if (inString && c == '\\' && i + 1 < original.length()) {
                origin[kept.length()] = i++;
                kept.append(c);
                c = original.charAt(i);
            } else if (c == '"') {
                inString = !inString;
            }
            origin[kept.length()] = i++;
            kept.append(c);
        }
        origin[kept.length()] = original.length();
        return new JudgedText(kept.toString(), origin);
    }

    /** Whether white space stands between two values. */
    private static boolean parts(CharSequence kept, String original, int end) {
        return !kept.isEmpty()
                && end < original.length()
                && PUNCTUATION.indexOf(kept.charAt(kept.length() - 1)) < 0
                && PUNCTUATION.indexOf(original.charAt(end)) < 0;
    }
}
