package io.plumbline.inference.tokenizer.template;

import java.math.BigDecimal;

/** Python's notions of whitespace, escapes and number formats, where Java's differ. */
final class PythonText {
    private static final int LEAST_PLAIN_EXPONENT = -4;
    private static final int FIRST_SCIENTIFIC_EXPONENT = 16;

    private PythonText() {}

    /** {@code str.isspace}: Unicode whitespace and the four information separators. */
    static boolean isSpace(int c) {
        return Character.isWhitespace(c) || c == 0x85 || Character.isSpaceChar(c);
    }

    static String strip(String text) {
        return stripStart(stripEnd(text));
    }

    static String stripStart(String text) {
        int start = 0;
        while (start < text.length() && isSpace(text.charAt(start))) {
            start++;
        }
        return text.substring(start);
    }

    static String stripEnd(String text) {
        int end = text.length();
        while (end > 0 && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end);
    }

    static String stripStart(String text, String characters) {
        int start = 0;
        while (start < text.length() && characters.indexOf(text.codePointAt(start)) >= 0) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static String stripEnd(String text, String characters) {
        int end = text.length();
        while (end > 0 && characters.indexOf(text.codePointBefore(end)) >= 0) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    /** The value of a string literal's body; unknown escapes stay as they are. */
    static String unescape(String body) {
        if (body.indexOf('\\') < 0) {
            return body;
        }
        StringBuilder text = new StringBuilder(body.length());
        for (int i = 0; i < body.length(); i++) {
            char c = body.charAt(i);
            if (c != '\\' || i + 1 == body.length()) {
                text.append(c);
                continue;
            }
            char escape = body.charAt(++i);
            switch (escape) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case 'b' -> text.append('\b');
                case 'f' -> text.append('\f');
                case 'v' -> text.append('\u000B');
                case 'a' -> text.append('\u0007');
                case '0' -> text.append('\0');
                case '\\', '\'', '"' -> text.append(escape);
                case '\n' -> {} // a continued line
                case 'x' -> i += codePoint(body, i, 2, text);
                case 'u' -> i += codePoint(body, i, 4, text);
                case 'U' -> i += codePoint(body, i, 8, text);
                default -> text.append('\\').append(escape);
            }
        }
        return text.toString();
    }

    /** Appends the character of so many hexadecimal digits and returns how many characters were used. */
    private static int codePoint(String body, int at, int digits, StringBuilder text) {
        if (at + digits < body.length()) {
            String hex = body.substring(at + 1, at + 1 + digits);
            if (hex.matches("[0-9a-fA-F]+") && Character.isValidCodePoint((int) Long.parseLong(hex, 16))) {
                text.appendCodePoint((int) Long.parseLong(hex, 16));
                return digits;
            }
        }
        text.append('\\').append(body.charAt(at));
        return 0;
    }

    /** {@code repr(float)}: the shortest digits that give the same number back. */
    static String real(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = decimal.precision() - decimal.scale() - 1;
        if (exponent >= LEAST_PLAIN_EXPONENT && exponent < FIRST_SCIENTIFIC_EXPONENT) {
            String plain = decimal.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = decimal.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String sign = number < 0 ? "-" : "";
        return "%s%se%s%02d".formatted(sign, mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    /** {@code repr(str)}. */
    static String quote(String text) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        StringBuilder quoted = new StringBuilder().append(quote);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                case '\\' -> quoted.append("\\\\");
                default -> {
                    if (c == quote) {
                        quoted.append('\\').append(quote);
                    } else if (c < ' ' || c == 0x7F) {
                        quoted.append("\\x%02x".formatted(c));
                    } else {
                        quoted.appendCodePoint(c);
                    }
                }
            }
        });
        return quoted.append(quote).toString();
    }
}
