package io.plumbline.inference.grammar.regex;

import io.plumbline.inference.grammar.CodePoints;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads a regular expression. Understood: characters, {@code .}, classes, {@code \d \w \s \D \W \S}, escapes
 * {@code \t \n \r \f \v \0 \xHH} and those of code points by a u with four digits or with braces, groups (capturing, named or not), alternatives, the quantifiers
 * {@code * + ? {n} {n,} {n,m}} (lazy ones match the same texts), and the anchors {@code ^} and {@code $} at the ends of the
 * expression or of its top-level alternatives. What is no regular language, or depends on the dialect, is refused by name.
 */
public final class RegexParser {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_GROUPS = 100;
    private static final int MAX_TIMES = 10_000;

    private final String source;
    private final CharacterSpelling spelling;
    private int at;
    private int open;

    private RegexParser(String source, CharacterSpelling spelling) {
        this.source = source;
        this.spelling = spelling;
    }

    /**
     * The texts that match from beginning to end.
     *
     * @throws InvalidGrammarException if it is not understood
     */
    public static Node wholeMatch(String source, CharacterSpelling spelling) {
        return new RegexParser(source, spelling).expression(false);
    }

    /**
     * The texts in which a match is found somewhere: JSON Schema's {@code pattern}.
     *
     * @throws InvalidGrammarException if it is not understood
     */
    public static Node anywhere(String source, CharacterSpelling spelling) {
        return new RegexParser(source, spelling).expression(true);
    }

    private Node expression(boolean anywhere) {
        if (source.length() > MAX_LENGTH) {
            throw refusal("is longer than %d characters".formatted(MAX_LENGTH));
        }
        Node any = Node.repeat(spelling.of(CodePoints.ALL), 0, Node.Repeat.UNBOUNDED);
        List<Node> alternatives = new ArrayList<>();
        do {
            boolean fromStart = skip("^");
            Node middle = sequence();
            boolean toEnd = skip("$");
            List<Node> parts = new ArrayList<>(List.of(middle));
            if (anywhere && !fromStart) {
                parts.addFirst(any);
            }
            if (anywhere && !toEnd) {
                parts.addLast(any);
            }
            alternatives.add(Node.sequence(parts));
        } while (skip("|"));
        if (at < source.length()) {
            throw source.charAt(at) == ')'
                    ? refusal("has a ')' without '(' at position %d".formatted(at + 1))
                    : refusal("has '%c' at position %d, in the middle; anchors stand at the ends"
                            .formatted(peek(), at + 1));
        }
        return Node.choice(alternatives);
    }

    private Node alternatives() {
        List<Node> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (skip("|"));
        return Node.choice(alternatives);
    }

    private Node sequence() {
        List<Node> items = new ArrayList<>();
        while (at < source.length() && "|)$".indexOf(source.charAt(at)) < 0) {
            items.add(quantified(atom()));
        }
        return Node.sequence(items);
    }

    private Node quantified(Node item) {
        int min;
        int max;
        if (skip("*")) {
            min = 0;
            max = Node.Repeat.UNBOUNDED;
        } else if (skip("+")) {
            min = 1;
            max = Node.Repeat.UNBOUNDED;
        } else if (skip("?")) {
            min = 0;
            max = 1;
        } else if (skip("{")) {
            min = number();
            max = skip(",") ? (peekIs('}') ? Node.Repeat.UNBOUNDED : number()) : min;
            if (!skip("}") || (max != Node.Repeat.UNBOUNDED && max < min)) {
                throw refusal("has a wrong quantifier before position %d; write {n}, {n,} or {n,m}".formatted(at + 1));
            }
        } else {
            return item;
        }
        boolean lazy = skip("?");
        if (!lazy && at < source.length() && "*+{".indexOf(source.charAt(at)) >= 0) {
            throw refusal("has two quantifiers in a row at position %d (possessive ones are not supported)"
                    .formatted(at + 1));
        }
        return Node.repeat(item, min, max);
    }

    private int number() {
        int start = at;
        while (at < source.length() && Character.isDigit(source.charAt(at)) && at - start < 6) {
            at++;
        }
        if (start == at) {
            throw refusal("needs a number at position %d".formatted(at + 1));
        }
        int number = Integer.parseInt(source.substring(start, at));
        if (number > MAX_TIMES) {
            throw refusal("repeats %d times; at most %d".formatted(number, MAX_TIMES));
        }
        return number;
    }

    private Node atom() {
        if (skip("(")) {
            return group();
        }
        if (skip("[")) {
            return spelling.of(new ClassParser().read());
        }
        if (skip(".")) {
            return spelling.of(CharacterClasses.ANY);
        }
        int character = next();
        if (character == '\\') {
            return spelling.of(escape(false));
        }
        if (character == '^') {
            throw refusal("has '^' at position %d, in the middle; anchors stand at the ends".formatted(at));
        }
        if ("*+?{".indexOf(character) >= 0) {
            throw refusal(
                    "has '%c' at position %d, where something to match is expected; for the character itself write \\%c"
                            .formatted(character, at, character));
        }
        return spelling.of(CodePoints.range(character, character));
    }

    private Node group() {
        if (++open > MAX_GROUPS) {
            throw refusal("nests groups deeper than %d".formatted(MAX_GROUPS));
        }
        if (skip("?")) {
            boolean named = skip("P<") || (peekIs('<') && !source.startsWith("<=", at) && !source.startsWith("<!", at));
            if (named) {
                int end = source.indexOf('>', at);
                at = end < 0 ? source.length() : end + 1;
            } else if (!skip(":")) {
                throw refusal("uses '(?%s' at position %d; lookaround, flags and the like are not supported"
                        .formatted(source.substring(at, Math.min(at + 1, source.length())), at));
            }
        }
        Node inner = alternatives();
        if (!skip(")")) {
            throw peekIs('$')
                    ? refusal("has '$' within a group; anchors stand at the ends of the expression")
                    : refusal("lacks a ')'");
        }
        open--;
        return inner;
    }

    /** What stands after a backslash. */
    private CodePoints escape(boolean inClass) {
        int letter = next();
        Optional<CodePoints> named = CharacterClasses.named(letter);
        if (named.isPresent()) {
            return named.get();
        }
        int character =
                switch (letter) {
                    case 't' -> '\t';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 'f' -> '\f';
                    case 'v' -> 0x0B;
                    case '0' -> 0;
                    case 'x' -> hex(2);
                    case 'u' -> unicode();
                    case 'b' -> {
                        if (inClass) {
                            yield '\b';
                        }
                        throw refusal("uses \\b; word boundaries are not supported");
                    }
                    default -> {
                        boolean ascii = letter < 0x80 && Character.isLetterOrDigit(letter);
                        if (ascii) {
                            throw refusal("uses \\%c, which is not supported; supported are \\d \\w \\s \\D \\W \\S"
                                            .formatted(letter)
                                    + " \\t \\n \\r \\f \\v \\0 \\xHH \\uHHHH and escaped punctuation");
                        }
                        yield letter;
                    }
                };
        return CodePoints.range(character, character);
    }

    private int unicode() {
        if (skip("{")) {
            int end = source.indexOf('}', at);
            int character = end > at && end - at <= 6 ? hex(end - at) : -1;
            if (character < 0 || character > 0x10FFFF || !skip("}")) {
                throw refusal("has a wrong \\u{…}");
            }
            return character;
        }
        int unit = hex(4);
        if (Character.isHighSurrogate((char) unit) && skip("\\u")) {
            int low = hex(4);
            if (Character.isLowSurrogate((char) low)) {
                return Character.toCodePoint((char) unit, (char) low);
            }
        }
        return unit;
    }

    private int hex(int digits) {
        if (at + digits > source.length()) {
            throw refusal("ends within an escape");
        }
        String text = source.substring(at, at + digits);
        if (!text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)) {
            throw refusal("has '%s' where %d hexadecimal digits are expected".formatted(text, digits));
        }
        at += digits;
        return Integer.parseInt(text, 16);
    }

    /** The inside of square brackets. */
    private final class ClassParser {
        CodePoints read() {
            boolean negated = skip("^");
            CodePoints set = CodePoints.NONE;
            boolean first = true;
            while (first || !peekIs(']')) {
                if (at >= source.length()) {
                    throw refusal("lacks a ']'");
                }
                if (first && peekIs(']')) {
                    throw refusal("has an empty class or an unescaped ']' in one; write \\]");
                }
                first = false;
                set = set.or(item());
            }
            at++;
            CodePoints result = negated ? set.complement() : set;
            if (result.isEmpty()) {
                throw refusal("has a class of no characters");
            }
            return result;
        }

        private CodePoints item() {
            if (peekIs('[') || source.startsWith("&&", at)) {
                throw refusal("has '%s' in a class, which dialects read differently; escape it with \\"
                        .formatted(peekIs('[') ? "[" : "&&"));
            }
            CodePoints first = member();
            boolean range = peekIs('-') && at + 1 < source.length() && source.charAt(at + 1) != ']';
            if (!range) {
                return first;
            }
            at++;
            CodePoints last = member();
            if (first.single() < 0 || last.single() < 0 || last.single() < first.single()) {
                throw refusal("has a wrong range in a class before position %d".formatted(at + 1));
            }
            return CodePoints.range(first.single(), last.single());
        }

        private CodePoints member() {
            int character = next();
            return character == '\\' ? escape(true) : CodePoints.range(character, character);
        }
    }

    private boolean skip(String text) {
        if (source.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private boolean peekIs(char character) {
        return at < source.length() && source.charAt(at) == character;
    }

    private int peek() {
        return source.codePointAt(at);
    }

    private int next() {
        if (at >= source.length()) {
            throw refusal("ends too early");
        }
        int character = source.codePointAt(at);
        at += Character.charCount(character);
        return character;
    }

    private InvalidGrammarException refusal(String what) {
        String shown = source.length() > 60 ? source.substring(0, 60) + "…" : source;
        return new InvalidGrammarException("The regular expression '%s' %s.".formatted(shown, what));
    }
}
