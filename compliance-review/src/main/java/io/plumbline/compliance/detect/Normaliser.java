package io.plumbline.compliance.detect;

import com.ibm.icu.text.Normalizer2;
import java.util.Arrays;

/**
 * Steps 1 to 6 of the normaliser, before them the escapes of JSON: NFKC, invisible characters, look-alikes, traditional to simplified, case, digits.
 * Steps 7 and 8 join across characters and are made per sentence ({@link Sentence#text}); step 9 is
 * {@link EncodedRuns}. The text that is released is never the normalised one, only the original, masked.
 */
public final class Normaliser {
    private static final Normalizer2 NFKC = Normalizer2.getNFKCInstance();

    private final String raw;
    private final int escapesFrom;
    private final StringBuilder exact;
    private int[] starts;
    private int[] ends;
    private short[] steps;
    private boolean hidden;

    private Normaliser(String raw, int escapesFrom) {
        this.raw = raw;
        this.escapesFrom = escapesFrom;
        this.exact = new StringBuilder(raw.length());
        this.starts = new int[raw.length() + 16];
        this.ends = new int[raw.length() + 16];
        this.steps = new short[raw.length() + 16];
    }

    static NormalisedText normalise(String raw) {
        return normalise(raw, JsonEscapes.NONE);
    }

    /** @param escapesFrom index from which on the text is JSON; {@link JsonEscapes#NONE} if it is none */
    static NormalisedText normalise(String raw, int escapesFrom) {
        var normaliser = new Normaliser(raw, escapesFrom);
        normaliser.compatibilityForms();
        return normaliser.fold();
    }

    /** A keyword or phrase in the form in which {@link View#TEXT} shows it. */
    public static String phrase(String term) {
        return Sentences.whole(term).text();
    }

    /** Cuts the text where NFKC cannot compose across, so that each output character has a small source range. */
    private void compatibilityForms() {
        int length = raw.length();
        int at = 0;
        while (at < length) {
            int codePoint = raw.codePointAt(at);
            if (codePoint == '\\' && at >= escapesFrom) {
                at += escape(at);
                continue;
            }
            int end = at + Character.charCount(codePoint);
            while (end < length && raw.charAt(end) >= 0x300 && !NFKC.hasBoundaryBefore(raw.codePointAt(end))) {
                end += Character.charCount(raw.codePointAt(end));
            }
            if (codePoint < 0x80 && end == at + 1) {
                append((char) codePoint, at, end, 0);
            } else {
                String source = raw.substring(at, end);
                String normal = NFKC.normalize(source);
                int mask = normal.equals(source) ? 0 : NormalisationStep.NFKC.bit();
                appendVisible(normal, at, end, mask);
            }
            at = end;
        }
    }

    /** Takes the character that is meant, and returns how long its escape is. */
    private int escape(int at) {
        JsonEscapes.Escape escape = JsonEscapes.at(raw, at, raw.length());
        int length = Math.max(1, escape.length());
        int codePoint = escape.length() > 0 ? escape.codePoint() : '\\';
        String meant = Character.toString(codePoint);
        String normal = NFKC.normalize(meant);
        int mask = length == 1 ? 0 : NormalisationStep.ESCAPE.bit();
        mask |= normal.equals(meant) ? 0 : NormalisationStep.NFKC.bit();
        appendVisible(normal, at, at + length, mask);
        return length;
    }

    private void appendVisible(String normal, int start, int end, int mask) {
        for (int i = 0; i < normal.length(); ) {
            int codePoint = normal.codePointAt(i);
            int width = Character.charCount(codePoint);
            if (CharacterTables.invisible(codePoint)) {
                hidden = true;
            } else {
                for (int k = 0; k < width; k++) {
                    append(normal.charAt(i + k), start, end, mask);
                }
            }
            i += width;
        }
    }

    private void append(char c, int start, int end, int mask) {
        int at = exact.length();
        if (at == starts.length) {
            starts = Arrays.copyOf(starts, at * 2);
            ends = Arrays.copyOf(ends, at * 2);
            steps = Arrays.copyOf(steps, at * 2);
        }
        exact.append(c);
        starts[at] = start;
        ends[at] = end;
        steps[at] = (short) (hidden ? mask | NormalisationStep.INVISIBLE.bit() : mask);
        hidden = false;
    }

    private NormalisedText fold() {
        int length = exact.length();
        var folded = new char[length];
        var digits = new char[length];
        for (int i = 0; i < length; i++) {
            char c = exact.charAt(i);
            if (c >= 0x80) {
                char latin = CharacterTables.latinLookalike(c);
                char simple = CharacterTables.simplify(latin);
                steps[i] |= (short) (latin == c ? 0 : NormalisationStep.LOOKALIKE.bit());
                steps[i] |= (short) (simple == latin ? 0 : NormalisationStep.SIMPLIFIED.bit());
                c = simple;
            }
            char lower = Character.toLowerCase(c);
            steps[i] |= (short) (lower == c ? 0 : NormalisationStep.CASE.bit());
            folded[i] = lower;
            digits[i] = CharacterTables.digit(lower);
        }
        return new NormalisedText(raw, exact.toString(), new String(folded), new String(digits), starts, ends, steps);
    }
}
