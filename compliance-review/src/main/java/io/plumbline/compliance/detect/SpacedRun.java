package io.plumbline.compliance.detect;

/**
 * Digits, perhaps with an {@code x} at the end, that may be spaced.
 *
 * @param symbols without separators; empty if no number begins here or none ends where the count is full
 * @param end index after the last symbol
 */
record SpacedRun(String symbols, int end) {
    private static final SpacedRun NONE = new SpacedRun("", 0);

    /** The number of {@code length} symbols that begins at {@code start}, with at most {@code gap} separators between two. */
    static SpacedRun at(String text, int start, int length, int gap, String separators) {
        if (!digit(text.charAt(start)) || (start > 0 && alphanumeric(text.charAt(start - 1)))) {
            return NONE;
        }
        var symbols = new StringBuilder(length);
        int at = start;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (!digit(c) && !(c == 'x' && symbols.length() == length - 1)) {
                return NONE;
            }
            symbols.append(c);
            at++;
            if (symbols.length() == length) {
                boolean ends = at == text.length() || !alphanumeric(text.charAt(at));
                return ends ? new SpacedRun(symbols.toString(), at) : NONE;
            }
            for (int skipped = 0; skipped < gap && at < text.length() && separators.indexOf(text.charAt(at)) >= 0; ) {
                at++;
                skipped++;
            }
        }
        return NONE;
    }

    /** Whether a text holds at least so many digits: a cheap reason not to search it. */
    static boolean hasDigits(String text, int least) {
        int count = 0;
        for (int i = 0; i < text.length() && count < least; i++) {
            count += digit(text.charAt(i)) ? 1 : 0;
        }
        return count >= least;
    }

    static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean alphanumeric(char c) {
        return digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
