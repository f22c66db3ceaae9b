package io.plumbline.compliance.detect;

import org.jspecify.annotations.Nullable;

/** One sentence of a normalised text in its three views. */
public final class Sentence {
    private static final String ORNAMENTS = "·•・*_~^|/\\-–—.+=#`'\"“”‘’★☆※●■◆▲";

    private final NormalisedText normal;
    private final int from;
    private final int to;
    private final int offset;
    private @Nullable Joined joined;

    /**
     * @param from first index in {@code normal}
     * @param to index after the sentence
     * @param offset index of {@code normal.raw()} in the text that spans refer to
     */
    Sentence(NormalisedText normal, int from, int to, int offset) {
        this.normal = normal;
        this.from = from;
        this.to = to;
        this.offset = offset;
    }

    /** The sentence in one of its forms. */
    public String view(View view) {
        return switch (view) {
            case TEXT -> joined().text;
            case EXACT -> normal.exact().substring(from, to);
            case DIGITS -> normal.digits().substring(from, to);
        };
    }

    /** Words folded, separators between Chinese characters dropped, spelled-out words joined. */
    public String text() {
        return joined().text;
    }

    /** Index in the original text where this sentence begins. */
    public int start() {
        return offset + (from == 0 ? 0 : normal.rawStart(from));
    }

    /** Index in the original text after this sentence. */
    public int end() {
        return offset + normal.rawStart(to);
    }

    /** The original wording. */
    public String raw() {
        return normal.raw().substring(start() - offset, end() - offset);
    }

    /** The span of a view as a span of the original text, with the steps it needed. */
    public Match match(View view, int start, int end) {
        int first = from + index(view, start);
        int last = from + index(view, end - 1);
        int mask = 0;
        for (int i = first; i <= last; i++) {
            int steps = normal.steps()[i];
            // What was hidden before the first character is outside the span.
            mask |= i == first ? steps & ~NormalisationStep.INVISIBLE.bit() : steps;
            if (view == View.DIGITS
                    && normal.digits().charAt(i) != normal.folded().charAt(i)) {
                mask |= NormalisationStep.DIGITS.bit();
            }
        }
        if (view == View.EXACT) {
            mask &= NormalisationStep.ESCAPE.bit() | NormalisationStep.NFKC.bit() | NormalisationStep.INVISIBLE.bit();
        } else if (view == View.TEXT) {
            mask |= joined().mask(start, end);
        }
        return new Match(offset + normal.starts()[first], offset + normal.ends()[last], mask);
    }

    /** Index in the original text where index {@code i} of a view begins. */
    public int rawIndex(View view, int i) {
        int length = view == View.TEXT ? joined().text.length() : to - from;
        return i >= length ? end() : offset + normal.rawStart(from + index(view, i));
    }

    /** Index in {@link View#TEXT} of the first character whose source is at or after {@code rawIndex}. */
    public int textIndex(int rawIndex) {
        Joined text = joined();
        int low = 0;
        int high = text.text.length();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (offset + normal.starts()[from + text.indices[middle]] < rawIndex) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int index(View view, int i) {
        return view == View.TEXT ? joined().indices[i] : i;
    }

    private Joined joined() {
        Joined result = joined;
        if (result == null) {
            result = new Joiner(normal.folded().substring(from, to)).join();
            joined = result;
        }
        return result;
    }

    /** Steps 7 and 8: {@code indices} and {@code steps} are per character of {@code text}. */
    private record Joined(String text, int[] indices, short[] steps) {
        int mask(int start, int end) {
            int mask = 0;
            for (int i = start + 1; i < end; i++) {
                mask |= steps[i];
            }
            return mask;
        }
    }

    private static final class Joiner {
        private final String source;
        private final StringBuilder text;
        private final int[] indices;
        private final short[] steps;

        Joiner(String source) {
            this.source = source;
            this.text = new StringBuilder(source.length());
            this.indices = new int[source.length()];
            this.steps = new short[source.length()];
        }

        Joined join() {
            int i = 0;
            while (i < source.length()) {
                if (separator(source.charAt(i))) {
                    int end = i + 1;
                    while (end < source.length() && separator(source.charAt(end))) {
                        end++;
                    }
                    separators(i, end);
                    i = end;
                } else {
                    append(i, source.charAt(i));
                    i++;
                }
            }
            return new Joined(text.toString(), indices, steps);
        }

        private void separators(int start, int end) {
            int step = droppable(start, end);
            if (step != 0) {
                steps[text.length()] = (short) step;
                return;
            }
            for (int i = start; i < end; i++) {
                char c = source.charAt(i);
                boolean blank = Character.isWhitespace(c) || c == 0xA0;
                if (!blank) {
                    append(i, c);
                } else if (i == start || !Character.isWhitespace(source.charAt(i - 1))) {
                    append(i, ' ');
                } else if (text.length() < steps.length) {
                    steps[text.length()] = (short) NormalisationStep.SEPARATORS.bit();
                }
            }
        }

        /** The step that drops this run of separators; 0 if it stays. */
        private int droppable(int start, int end) {
            if (start == 0 || end == source.length()) {
                return 0;
            }
            char before = source.charAt(start - 1);
            char after = source.charAt(end);
            if (CharacterTables.isHan(before) && CharacterTables.isHan(after)) {
                return NormalisationStep.SEPARATORS.bit();
            }
            boolean single = letter(before)
                    && letter(after)
                    && (start == 1 || separator(source.charAt(start - 2)))
                    && (end + 1 == source.length() || !letter(source.charAt(end + 1)));
            return single ? NormalisationStep.SPLIT.bit() : 0;
        }

        private static boolean letter(char c) {
            return c >= 'a' && c <= 'z';
        }

        private static boolean separator(char c) {
            return Character.isWhitespace(c) || c == 0xA0 || ORNAMENTS.indexOf(c) >= 0;
        }

        private void append(int index, char c) {
            indices[text.length()] = index;
            text.append(c);
        }
    }
}
