package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Cuts a text into sentences. Every detector looks at one sentence at a time, so a verdict depends on the text alone and
 * never on how it was cut into pieces on its way here. A line feed or full stop between two digits does not end a
 * sentence, so that a number written over two lines stays in one piece; nor does a line feed inside a long encoded run.
 */
public final class Sentences {
    /** Length from which a run of base64 characters at the end of a line is taken to go on in the next line. */
    private static final int WRAPPED_RUN = 40;

    private static final Set<String> ABBREVIATIONS = Set.of(
            "mr", "mrs", "ms", "dr", "prof", "no", "vs", "e.g", "i.e", "approx", "fig", "art", "inc", "ltd", "st",
            "cf");

    private Sentences() {}

    /** The whole text as one sentence, whatever it holds. */
    static Sentence whole(String text) {
        NormalisedText normal = Normaliser.normalise(text);
        return new Sentence(normal, 0, normal.length(), 0);
    }

    /**
     * All sentences of a text, in order; together they cover it.
     *
     * @param offset index of {@code text} in the text that spans refer to
     * @param last whether the text ends here. If not, the last element is the sentence that is still growing (perhaps
     *     empty), and all before it are final.
     */
    public static List<Sentence> of(String text, int offset, boolean last) {
        return of(text, offset, last, JsonEscapes.NONE);
    }

    /**
     * As {@link #of(String, int, boolean)}, for a text that is JSON or ends in JSON.
     *
     * @param escapesFrom index in {@code text} from which on it is JSON
     */
    public static List<Sentence> of(String text, int offset, boolean last, int escapesFrom) {
        NormalisedText normal = Normaliser.normalise(text, escapesFrom);
        List<Sentence> sentences = new ArrayList<>();
        int from = 0;
        for (int end = end(normal, from, last); end > 0; end = end(normal, from, last)) {
            sentences.add(new Sentence(normal, from, end, offset));
            from = end;
        }
        if (!last || from < normal.length() || sentences.isEmpty()) {
            sentences.add(new Sentence(normal, from, normal.length(), offset));
        }
        return sentences;
    }

    /** Index where the sentence after the one at {@code from} begins; 0 if that cannot be known from this text. */
    private static int end(NormalisedText normal, int from, boolean last) {
        String text = normal.folded();
        for (int i = from; i < text.length(); i++) {
            if (!couldEnd(text, i)) {
                continue;
            }
            int next = afterBreak(text, i);
            // While the text grows, the character after the break may still be composed with one that follows.
            if (next + (last ? 0 : 1) >= text.length()) {
                return 0;
            }
            // A boundary inside one source cluster would split an original character.
            if (ends(text, from, i, next) && normal.starts()[next] >= normal.ends()[next - 1]) {
                return next;
            }
        }
        return 0;
    }

    private static boolean couldEnd(String text, int i) {
        return switch (text.charAt(i)) {
            case '。', '\n', '!', '?', '.' -> true;
            default -> false;
        };
    }

    /** First index after the mark at {@code i} that is neither a blank nor a closing quote, bracket or further mark. */
    private static int afterBreak(String text, int i) {
        int next = i + 1;
        while (next < text.length() && "”’」』】》)]}\"'。!?;. \t\r\n".indexOf(text.charAt(next)) >= 0) {
            next++;
        }
        return next;
    }

    private static boolean ends(String text, int from, int i, int next) {
        char mark = text.charAt(i);
        boolean betweenDigits = betweenDigits(text, from, i, next);
        return switch (mark) {
            case '。' -> true;
            case '\n' -> blankLine(text, i, next) || !(betweenDigits || insideEncodedRun(text, from, i, next));
            case '.' -> blankBefore(text, i, next) && !betweenDigits && !abbreviation(text, from, i);
            default -> blankBefore(text, i, next) || text.charAt(i + 1) >= 0x80;
        };
    }

    private static boolean blankLine(String text, int i, int next) {
        for (int k = i + 1; k < next; k++) {
            if (text.charAt(k) == '\n') {
                return true;
            }
        }
        return false;
    }

    private static boolean blankBefore(String text, int i, int next) {
        return next > i + 1 && Character.isWhitespace(text.charAt(next - 1));
    }

    private static boolean betweenDigits(String text, int from, int i, int next) {
        int before = i - 1;
        while (before > from && Character.isWhitespace(text.charAt(before))) {
            before--;
        }
        return before >= from && digit(text.charAt(before)) && digit(text.charAt(next));
    }

    private static boolean digit(char c) {
        char ascii = CharacterTables.digit(c);
        return ascii >= '0' && ascii <= '9';
    }

    private static boolean insideEncodedRun(String text, int from, int i, int next) {
        int start = i;
        while (start > from && start > i - WRAPPED_RUN && encoded(text.charAt(start - 1))) {
            start--;
        }
        return i - start >= WRAPPED_RUN && encoded(text.charAt(next));
    }

    private static boolean encoded(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '='
                || c == '-'
                || c == '_';
    }

    private static boolean abbreviation(String text, int from, int i) {
        int start = i;
        while (start > from && !Character.isWhitespace(text.charAt(start - 1)) && text.charAt(start - 1) != '(') {
            start--;
        }
        return ABBREVIATIONS.contains(text.substring(start, i));
    }
}
