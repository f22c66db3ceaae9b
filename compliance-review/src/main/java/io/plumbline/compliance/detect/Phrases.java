package io.plumbline.compliance.detect;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A set of keywords and linear-time expressions over normalised text. */
public final class Phrases {
    /** What a matched range is given to. Returns false to stop. */
    @FunctionalInterface
    interface Range {
        boolean found(int start, int end);
    }

    private static final String HIT = "hit";

    private final @Nullable AhoCorasick words;
    private final List<Pattern> patterns;
    private final @Nullable AhoCorasick hints;
    private final int reach;

    private Phrases(@Nullable AhoCorasick words, List<Pattern> patterns, @Nullable AhoCorasick hints, int reach) {
        this.words = words;
        this.patterns = patterns;
        this.hints = hints;
        this.reach = reach;
    }

    /**
     * @param terms keywords, normalised like the text; one that begins or ends with a Latin letter or digit matches whole
     *     words only
     * @param expressions RE2 expressions; a group named {@code hit} narrows the span
     * @param hints if not empty, the expressions are tried only on sentences that hold one of these words
     * @throws com.google.re2j.PatternSyntaxException if an expression is not RE2
     */
    public static Phrases of(Collection<String> terms, Collection<String> expressions, Collection<String> hints) {
        List<String> normal = terms.stream().map(Normaliser::phrase).distinct().toList();
        var words = normal.isEmpty() ? null : new AhoCorasick(normal);
        int reach = words == null ? 0 : words.longest();
        for (String expression : expressions) {
            reach = Math.max(reach, PatternLength.max(expression));
        }
        var filter = hints.isEmpty()
                ? null
                : new AhoCorasick(
                        hints.stream().map(Normaliser::phrase).distinct().toList());
        return new Phrases(words, expressions.stream().map(Pattern::compile).toList(), filter, reach);
    }

    /** Longest match in characters; {@link Integer#MAX_VALUE} if there is no bound. */
    public int reach() {
        return reach;
    }

    /** Whether any of them stands in the text. */
    public boolean in(String text) {
        boolean[] found = new boolean[1];
        search(text, (start, end) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /** All ranges, without those inside another; independent of where a search begins. */
    public List<int[]> ranges(String text) {
        List<int[]> all = new ArrayList<>();
        search(text, (start, end) -> all.add(new int[] {start, end}));
        all.sort((a, b) -> a[0] != b[0] ? Integer.compare(a[0], b[0]) : Integer.compare(b[1], a[1]));
        List<int[]> outer = new ArrayList<>(all.size());
        int covered = -1;
        for (int[] range : all) {
            if (range[1] > covered) {
                outer.add(range);
                covered = range[1];
            }
        }
        return outer;
    }

    void search(String text, Range range) {
        boolean[] stop = new boolean[1];
        if (words != null) {
            words.search(text, (start, end) -> {
                boolean go = !wholeWord(text, start, end) || range.found(start, end);
                stop[0] = !go;
                return go;
            });
        }
        if (stop[0] || patterns.isEmpty() || !hinted(text)) {
            return;
        }
        for (Pattern pattern : patterns) {
            if (!search(pattern, text, range)) {
                return;
            }
        }
    }

    private boolean hinted(String text) {
        if (hints == null) {
            return true;
        }
        boolean[] found = new boolean[1];
        // Hints are lower case; the exact view is not.
        hints.search(text.toLowerCase(Locale.ROOT), (start, end) -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /** Tries every start, so that the ranges do not depend on which earlier match used up the characters. */
    private static boolean search(Pattern pattern, String text, Range range) {
        boolean named = pattern.namedGroups().containsKey(HIT);
        Matcher matcher = pattern.matcher(text);
        for (int from = 0; from <= text.length() && matcher.find(from); from = matcher.start() + 1) {
            boolean narrowed = named && matcher.start(HIT) >= 0;
            int start = narrowed ? matcher.start(HIT) : matcher.start();
            int end = narrowed ? matcher.end(HIT) : matcher.end();
            if (end > start && !range.found(start, end)) {
                return false;
            }
        }
        return true;
    }

    private static boolean wholeWord(String text, int start, int end) {
        boolean before = start == 0 || !(alphanumeric(text.charAt(start)) && alphanumeric(text.charAt(start - 1)));
        boolean after = end == text.length() || !(alphanumeric(text.charAt(end - 1)) && alphanumeric(text.charAt(end)));
        return before && after;
    }

    private static boolean alphanumeric(char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
}
