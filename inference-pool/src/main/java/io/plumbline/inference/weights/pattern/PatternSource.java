package io.plumbline.inference.weights.pattern;

import java.util.Optional;
import java.util.OptionalInt;

/** The text of an expression and how far it has been read. */
final class PatternSource {
    /** More digits than a count or a code needs. */
    private static final int MAX_DIGITS = 9;

    private final String text;
    private int at;

    PatternSource(String text) {
        this.text = text;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    /** The next character, not taken; 0 at the end. */
    int peek() {
        return atEnd() ? 0 : text.charAt(at);
    }

    boolean peekIs(char character) {
        return !atEnd() && text.charAt(at) == character;
    }

    int next() {
        if (atEnd()) {
            throw refusal("ends too early");
        }
        int character = text.codePointAt(at);
        at += Character.charCount(character);
        return character;
    }

    boolean skip(String expected) {
        if (!text.startsWith(expected, at)) {
            return false;
        }
        at += expected.length();
        return true;
    }

    /** Skips a name or a remark and the character that ends it. */
    void skipBehind(char end) {
        int found = text.indexOf(end, at);
        if (found < 0) {
            throw refusal("lacks a '%c'".formatted(end));
        }
        at = found + 1;
    }

    /** Whether {@code {n}}, {@code {n,}}, {@code {,m}} or {@code {n,m}} comes next. */
    boolean countsAhead() {
        int end = text.indexOf('}', at);
        if (end <= at + 1) {
            return false;
        }
        int commas = 0;
        for (int i = at + 1; i < end; i++) {
            commas += text.charAt(i) == ',' ? 1 : 0;
            if (text.charAt(i) != ',' && !isDigit(text.charAt(i))) {
                return false;
            }
        }
        return commas <= 1;
    }

    /** A count; numbers beyond any length mean the same as one another. */
    int number(int otherwise) {
        int start = at;
        while (!atEnd() && isDigit(text.charAt(at))) {
            at++;
        }
        if (at - start > MAX_DIGITS) {
            return Integer.MAX_VALUE;
        }
        return start == at ? otherwise : Integer.parseInt(text, start, at, 10);
    }

    /** The character that an escape stands for, in a class or outside. */
    int character(int letter) {
        return switch (letter) {
            case 'a' -> 0x07;
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'v' -> 0x0B;
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'x' -> hex(2);
            case 'u' -> hex(4);
            case 'U' -> hex(8);
            case '0' -> octal();
            default -> {
                if (letter < 0x80 && Character.isLetterOrDigit(letter)) {
                    throw refusal("uses \\%c, which is not supported".formatted(letter));
                }
                yield letter;
            }
        };
    }

    /** The characters of an escape such as {@code \d}. */
    static Optional<CharacterSet> classOf(int letter) {
        return switch (letter) {
            case 'd' -> Optional.of(CharacterSet.DIGIT);
            case 'D' -> Optional.of(CharacterSet.DIGIT.complement());
            case 'w' -> Optional.of(CharacterSet.WORD);
            case 'W' -> Optional.of(CharacterSet.WORD.complement());
            case 's' -> Optional.of(CharacterSet.SPACE);
            case 'S' -> Optional.of(CharacterSet.SPACE.complement());
            default -> Optional.empty();
        };
    }

    private int hex(int digits) {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = atEnd() ? -1 : Character.digit(text.charAt(at), 16);
            if (digit < 0 || text.charAt(at) > 0x7F) {
                throw refusal("needs %d hexadecimal digits".formatted(digits));
            }
            code = code * 16 + digit;
            at++;
        }
        if (code < 0 || code > Character.MAX_CODE_POINT) {
            throw refusal("names a character that there is not");
        }
        return code;
    }

    /** Up to two more octal digits behind a 0. */
    private int octal() {
        int code = 0;
        for (int i = 0; i < 2 && !atEnd() && isOctal(text.charAt(at)); i++) {
            code = code * 8 + text.charAt(at++) - '0';
        }
        return code;
    }

    /** A character by its code, of which one digit has been read; empty if this is something else. */
    OptionalInt threeOctalDigits(int first) {
        if (first > '3' || at + 2 > text.length() || !isOctal(text.charAt(at)) || !isOctal(text.charAt(at + 1))) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((first - '0') * 64 + octal());
    }

    private static boolean isOctal(char character) {
        return character >= '0' && character <= '7';
    }

    private static boolean isDigit(char character) {
        return character >= '0' && character <= '9';
    }

    InvalidPatternException refusal(String what) {
        return new InvalidPatternException(text, "%s (at character %d)".formatted(what, at + 1));
    }
}
