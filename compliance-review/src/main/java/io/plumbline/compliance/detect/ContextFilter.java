package io.plumbline.compliance.detect;

import java.util.List;

/**
 * Words around a match that make it harmless: a negation, a ban that is quoted, teaching.
 *
 * @param name as rule files call it
 * @param scope where to look
 * @param phrases what to look for in {@link View#TEXT}
 */
public record ContextFilter(String name, Scope scope, Phrases phrases) {
    /** Where the words may stand. A part begins anew after "but", whose turn ends what was said before it, and after a semicolon. */
    public enum Scope {
        /** In the match itself. */
        MATCH,
        /** In the same clause, before the match. */
        BEFORE,
        /** In the same clause. */
        CLAUSE,
        /** In the same sentence before the match, since the last "but". */
        LEADING,
        /** In the same sentence, since the last and up to the next "but". */
        SENTENCE
    }

    private static final Phrases TURNS = Phrases.of(
            List.of(";", ",但", "但是", "不过", "然而", "其实", "实际上", "实则", "but", "however", "yet", "in fact", "nevertheless"),
            List.of(),
            List.of());

    /** Whether this context excuses the match. */
    public boolean excuses(Sentence sentence, Match match) {
        String text = sentence.text();
        int start = sentence.textIndex(match.start());
        int end = Math.max(start, sentence.textIndex(match.end()));
        int from = 0;
        int to = text.length();
        for (int[] turn : TURNS.ranges(text)) {
            if (turn[1] <= start) {
                from = turn[1];
            } else if (turn[0] >= end) {
                to = Math.min(to, turn[0]);
            }
        }
        String part =
                switch (scope) {
                    case MATCH -> text.substring(start, end);
                    case BEFORE -> text.substring(Math.max(from, clauseStart(text, start)), start);
                    case CLAUSE ->
                        text.substring(Math.max(from, clauseStart(text, start)), Math.min(to, clauseEnd(text, end)));
                    case LEADING -> text.substring(from, start);
                    case SENTENCE -> text.substring(from, to);
                };
        return phrases.in(part);
    }

    private static int clauseStart(String text, int from) {
        int i = from;
        while (i > 0 && !delimits(text.charAt(i - 1))) {
            i--;
        }
        return i;
    }

    private static int clauseEnd(String text, int from) {
        int i = from;
        while (i < text.length() && !delimits(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean delimits(char c) {
        return switch (c) {
            case ',', ';', '。', '!', '?' -> true;
            default -> false;
        };
    }
}
