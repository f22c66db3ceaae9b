package io.plumbline.compliance.detect;

/**
 * Escapes in the strings of a JSON text (RFC 8259, section 7). Whoever parses the text reads the character, so rules must
 * read it too; and nothing may cut an escape in two.
 */
public final class JsonEscapes {
    /** Stands for the index from which a text has escapes, if it has none. */
    public static final int NONE = Integer.MAX_VALUE;

    private static final int HEX_DIGITS = 4;
    private static final int UNICODE_LENGTH = 2 + HEX_DIGITS;
    private static final int HEX = 16;

    private JsonEscapes() {}

    /**
     * What a backslash stands for.
     *
     * @param codePoint the character; the backslash itself where it escapes nothing
     * @param length UTF-16 units from the backslash on; 0 = the text ends before the escape does
     */
    record Escape(int codePoint, int length) {
        private static final Escape CUT = new Escape(0, 0);
        private static final Escape BACKSLASH = new Escape('\\', 1);

        private boolean firstOfPair() {
            return length == UNICODE_LENGTH && Character.isHighSurrogate((char) codePoint);
        }
    }

    /** The escape at a backslash; two that are halves of a surrogate pair are one. */
    static Escape at(CharSequence text, int at, int limit) {
        Escape first = single(text, at, limit);
        if (!first.firstOfPair()) {
            return first;
        }
        int next = at + first.length;
        if (next >= limit) {
            return Escape.CUT;
        }
        if (text.charAt(next) != '\\') {
            return first;
        }
        Escape second = single(text, next, limit);
        if (second.length == 0) {
            return Escape.CUT;
        }
        boolean pair = second.length == UNICODE_LENGTH && Character.isLowSurrogate((char) second.codePoint);
        return pair
                ? new Escape(Character.toCodePoint((char) first.codePoint, (char) second.codePoint), 2 * UNICODE_LENGTH)
                : first;
    }

    private static Escape single(CharSequence text, int at, int limit) {
        if (at + 1 >= limit) {
            return Escape.CUT;
        }
        return switch (text.charAt(at + 1)) {
            case '"' -> new Escape('"', 2);
            case '\\' -> new Escape('\\', 2);
            case '/' -> new Escape('/', 2);
            case 'b' -> new Escape('\b', 2);
            case 'f' -> new Escape('\f', 2);
            case 'n' -> new Escape('\n', 2);
            case 'r' -> new Escape('\r', 2);
            case 't' -> new Escape('\t', 2);
            case 'u' -> unicode(text, at, limit);
            default -> Escape.BACKSLASH;
        };
    }

    private static Escape unicode(CharSequence text, int at, int limit) {
        int unit = 0;
        for (int i = at + 2; i < at + UNICODE_LENGTH; i++) {
            if (i >= limit) {
                return Escape.CUT;
            }
            int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), HEX) : -1;
            if (digit < 0) {
                return Escape.BACKSLASH;
            }
            unit = unit * HEX + digit;
        }
        return new Escape(unit, UNICODE_LENGTH);
    }

    /**
     * The largest index up to {@code limit} that cuts no escape of a growing text in two.
     *
     * @param from not within an escape
     */
    public static int whole(CharSequence text, int from, int limit) {
        int at = from;
        while (at < limit) {
            int length = text.charAt(at) == '\\' ? at(text, at, limit).length : 1;
            if (length == 0) {
                return at;
            }
            at += length;
        }
        return limit;
    }
}
