package io.plumbline.compliance.detect;

/**
 * The longest text that an RE2 expression can match. A stream holds back that many characters; an expression without a
 * bound holds back its whole sentence. Understands what rule files use: literals, escapes, classes, groups,
 * alternation and the quantifiers {@code ? * + {n} {n,} {n,m}}.
 */
final class PatternLength {
    /** No bound. */
    static final int UNBOUNDED = Integer.MAX_VALUE;

    private final String pattern;
    private int at;

    private PatternLength(String pattern) {
        this.pattern = pattern;
    }

    /** Longest match in UTF-16 units, or {@link #UNBOUNDED}. */
    static int max(String pattern) {
        return new PatternLength(pattern).alternatives();
    }

    private int alternatives() {
        int longest = sequence();
        while (at < pattern.length() && pattern.charAt(at) == '|') {
            at++;
            longest = Math.max(longest, sequence());
        }
        return longest;
    }

    private int sequence() {
        int total = 0;
        while (at < pattern.length() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            int atom = atom();
            total = add(total, quantified(atom));
        }
        return total;
    }

    private int atom() {
        char c = pattern.charAt(at++);
        return switch (c) {
            case '(' -> group();
            case '[' -> characterClass();
            case '\\' -> escape();
            case '^', '$' -> 0;
            case '.' -> 2;
            default -> 1;
        };
    }

    private int group() {
        if (pattern.startsWith("?", at)) {
            int colon = pattern.indexOf(':', at);
            int name = pattern.indexOf('>', at);
            int close = pattern.indexOf(')', at);
            if (colon >= 0 && colon < close && (name < 0 || colon < name)) {
                at = colon + 1;
            } else if (name >= 0 && name < close) {
                at = name + 1;
            } else {
                at = close + 1;
                return 0;
            }
        }
        int inside = alternatives();
        at++;
        return inside;
    }

    private int characterClass() {
        if (pattern.startsWith("^", at)) {
            at++;
        }
        int start = at;
        while (pattern.charAt(at) != ']' || at == start) {
            if (pattern.charAt(at) == '\\') {
                at++;
            } else if (pattern.startsWith("[:", at)) {
                at = pattern.indexOf(":]", at) + 1;
            }
            at++;
        }
        at++;
        // A class may match a supplementary character, which takes two units.
        return 2;
    }

    private int escape() {
        char c = pattern.charAt(at++);
        if (c == 'p' || c == 'P') {
            at = pattern.startsWith("{", at) ? pattern.indexOf('}', at) + 1 : at + 1;
            return 2;
        }
        if (c == 'x') {
            at = pattern.startsWith("{", at) ? pattern.indexOf('}', at) + 1 : at + 2;
            return 2;
        }
        return c == 'b' || c == 'B' || c == 'A' || c == 'z' ? 0 : 1;
    }

    private int quantified(int atom) {
        if (at >= pattern.length()) {
            return atom;
        }
        int result = atom;
        char c = pattern.charAt(at);
        if (c == '*' || c == '+') {
            at++;
            result = atom == 0 ? 0 : UNBOUNDED;
        } else if (c == '?') {
            at++;
        } else if (c == '{') {
            int close = pattern.indexOf('}', at);
            String[] bounds = pattern.substring(at + 1, close).split(",", -1);
            at = close + 1;
            String most = bounds[bounds.length - 1];
            result = most.isEmpty() ? UNBOUNDED : multiply(atom, Integer.parseInt(most));
        } else {
            return atom;
        }
        if (at < pattern.length() && pattern.charAt(at) == '?') {
            at++;
        }
        return result;
    }

    private static int add(int a, int b) {
        return a == UNBOUNDED || b == UNBOUNDED ? UNBOUNDED : a + b;
    }

    private static int multiply(int a, int times) {
        return a == UNBOUNDED ? UNBOUNDED : a * times;
    }
}
