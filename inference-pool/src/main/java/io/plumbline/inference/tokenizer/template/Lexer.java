package io.plumbline.inference.tokenizer.template;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Splits a template into tokens with the whitespace rules that chat templates are written for: {@code trim_blocks} (the
 * newline after a statement tag goes), {@code lstrip_blocks} (the indentation before one goes), {@code -} on either side
 * strips all whitespace, {@code +} switches the two rules off, one newline at the end of the template goes.
 */
final class Lexer {
    private static final List<String> OPERATORS = List.of(
            "**", "//", "==", "!=", "<=", ">=", "+", "-", "*", "/", "%", "~", "<", ">", "=", "(", ")", "[", "]", "{",
            "}", ".", ",", ":", "|");

    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int position;
    private int line = 1;

    /** Whether what came last ended a line, so that a tag now stands at the start of one. */
    private boolean atLineStart = true;

    Lexer(String source) {
        String unix = source.replace("\r\n", "\n").replace('\r', '\n');
        this.source = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
    }

    List<Token> tokens() {
        while (position < source.length()) {
            int tag = nextTag(position);
            if (tag < 0) {
                data(source.substring(position));
                break;
            }
            String text = source.substring(position, tag);
            char type = source.charAt(tag + 1);
            char sign = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            String stripped = strip(text, type, sign);
            data(stripped);
            count(text.substring(stripped.length()));
            position = tag + 2 + (sign == '-' || (sign == '+' && type != '{') ? 1 : 0);
            switch (type) {
                case '#' -> comment();
                case '{' -> expression(Token.Kind.OUTPUT_BEGIN, Token.Kind.OUTPUT_END, "}}");
                default -> block();
            }
        }
        add(Token.Kind.END, "");
        return tokens;
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    private String strip(String text, char type, char sign) {
        if (sign == '-') {
            return PythonText.stripEnd(text);
        }
        if (sign != '+' && type != '{') {
            int lineStart = text.lastIndexOf('\n') + 1;
            if ((lineStart > 0 || atLineStart)
                    && PythonText.strip(text.substring(lineStart)).isEmpty()) {
                return text.substring(0, lineStart);
            }
        }
        return text;
    }

    private void data(String text) {
        if (!text.isEmpty()) {
            add(Token.Kind.DATA, text);
            count(text);
        }
    }

    private void comment() {
        int end = source.indexOf("#}", position);
        if (end < 0) {
            throw error("a comment is not closed");
        }
        count(source.substring(position, end));
        char sign = end > position ? source.charAt(end - 1) : ' ';
        position = end + 2;
        afterTag(sign, true);
    }

    private void block() {
        if (raw()) {
            return;
        }
        expression(Token.Kind.BLOCK_BEGIN, Token.Kind.BLOCK_END, "%}");
    }

    /** Copies {@code {% raw %} … {% endraw %}} as data. */
    private boolean raw() {
        int start = skipWhitespace(position);
        if (!source.startsWith("raw", start)) {
            return false;
        }
        int end = skipWhitespace(start + 3);
        char sign = end < source.length() ? source.charAt(end) : ' ';
        end += sign == '-' || sign == '+' ? 1 : 0;
        if (!source.startsWith("%}", end)) {
            return false;
        }
        position = end + 2;
        afterTag(sign, true);
        for (int tag = source.indexOf("{%", position); tag >= 0; tag = source.indexOf("{%", tag + 2)) {
            char open = tag + 2 < source.length() ? source.charAt(tag + 2) : ' ';
            int name = skipWhitespace(tag + 2 + (open == '-' || open == '+' ? 1 : 0));
            int close = skipWhitespace(name + 6);
            char closing = close < source.length() ? source.charAt(close) : ' ';
            close += closing == '-' || closing == '+' ? 1 : 0;
            if (source.startsWith("endraw", name) && source.startsWith("%}", close)) {
                String text = source.substring(position, tag);
                String stripped = strip(text, '%', open);
                data(stripped);
                count(text.substring(stripped.length()));
                position = close + 2;
                afterTag(closing, true);
                return true;
            }
        }
        throw error("a raw block is not closed");
    }

    private int skipWhitespace(int from) {
        int i = from;
        while (i < source.length() && PythonText.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void expression(Token.Kind begin, Token.Kind end, String closing) {
        add(begin, "");
        Deque<Character> open = new ArrayDeque<>();
        while (position < source.length()) {
            char c = source.charAt(position);
            if (open.isEmpty()) {
                char sign = source.startsWith(closing, position + 1)
                                && (c == '-' || (c == '+' && end == Token.Kind.BLOCK_END))
                        ? c
                        : ' ';
                if (sign != ' ' || source.startsWith(closing, position)) {
                    position += closing.length() + (sign == ' ' ? 0 : 1);
                    add(end, "");
                    afterTag(sign, end == Token.Kind.BLOCK_END);
                    return;
                }
            }
            if (PythonText.isSpace(c)) {
                count(String.valueOf(c));
                position++;
            } else {
                word(c, open);
            }
        }
        throw error("a tag is not closed by '%s'".formatted(closing));
    }

    private void afterTag(char sign, boolean trimNewline) {
        int start = position;
        if (sign == '-') {
            position = skipWhitespace(position);
        } else if (trimNewline && sign != '+' && position < source.length() && source.charAt(position) == '\n') {
            position++;
        }
        String skipped = source.substring(start, position);
        count(skipped);
        atLineStart = skipped.endsWith("\n");
    }

    private void word(char c, Deque<Character> open) {
        if (c == '\'' || c == '"') {
            string(c);
        } else if (c >= '0' && c <= '9') {
            number();
        } else if (Character.isUnicodeIdentifierStart(c) || c == '_') {
            int start = position;
            while (position < source.length() && (Character.isUnicodeIdentifierPart(source.charAt(position)))) {
                position++;
            }
            add(Token.Kind.NAME, source.substring(start, position));
        } else {
            operator(open);
        }
    }

    private void operator(Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, position)) {
                switch (operator) {
                    case "(" -> open.push(')');
                    case "[" -> open.push(']');
                    case "{" -> open.push('}');
                    case ")", "]", "}" -> {
                        if (open.isEmpty() || open.pop() != operator.charAt(0)) {
                            throw error("'%s' closes nothing".formatted(operator));
                        }
                    }
                    default -> {}
                }
                add(Token.Kind.OPERATOR, operator);
                position += operator.length();
                return;
            }
        }
        throw error("the character '%s' is not expected".formatted(source.charAt(position)));
    }

    private void number() {
        int start = position;
        boolean real = false;
        digits();
        if (position + 1 < source.length() && source.charAt(position) == '.' && isDigit(source.charAt(position + 1))) {
            real = true;
            position++;
            digits();
        }
        if (position < source.length() && Character.toLowerCase(source.charAt(position)) == 'e') {
            int exponent = position + 1;
            if (exponent < source.length() && (source.charAt(exponent) == '-' || source.charAt(exponent) == '+')) {
                exponent++;
            }
            if (exponent < source.length() && isDigit(source.charAt(exponent))) {
                real = true;
                position = exponent;
                digits();
            }
        }
        add(
                real ? Token.Kind.REAL : Token.Kind.WHOLE,
                source.substring(start, position).replace("_", ""));
    }

    private void digits() {
        while (position < source.length() && (isDigit(source.charAt(position)) || source.charAt(position) == '_')) {
            position++;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void string(char quote) {
        int end = position + 1;
        while (end < source.length() && source.charAt(end) != quote) {
            end += source.charAt(end) == '\\' ? 2 : 1;
        }
        if (end >= source.length()) {
            throw error("a string is not closed");
        }
        String body = source.substring(position + 1, end);
        add(Token.Kind.STRING, PythonText.unescape(body));
        count(body);
        position = end + 1;
    }

    private void add(Token.Kind kind, String text) {
        tokens.add(new Token(kind, text, line));
    }

    private void count(String text) {
        line += (int) text.chars().filter(c -> c == '\n').count();
    }

    private TemplateException error(String message) {
        return new Fault(TemplateException.Kind.SYNTAX, message).at(line);
    }
}
