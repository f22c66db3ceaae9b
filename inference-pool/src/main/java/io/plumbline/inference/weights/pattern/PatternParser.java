package io.plumbline.inference.weights.pattern;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads an expression of Python's {@code re} (library reference, "Regular Expression Syntax"). Refused is what needs more
 * than sets of places: back references, conditions, flags, atomic groups and possessive quantifiers.
 */
final class PatternParser {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_NESTING = 50;
    private static final String REPEATERS = "*+?{";

    private final PatternSource source;
    private int nesting;

    PatternParser(String text) {
        this.source = new PatternSource(text);
        if (text.length() > MAX_LENGTH) {
            throw source.refusal("has more than %d characters".formatted(MAX_LENGTH));
        }
    }

    Node parse() {
        Node all = alternatives();
        if (!source.atEnd()) {
            throw source.refusal("has a ')' without '('");
        }
        return all;
    }

    private Node alternatives() {
        List<Node> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (source.skip("|"));
        return alternatives.size() == 1 ? alternatives.getFirst() : new Node.Choice(alternatives);
    }

    private Node sequence() {
        List<Node> items = new ArrayList<>();
        while (!source.atEnd() && !source.peekIs('|') && !source.peekIs(')')) {
            if (source.skip("(?#")) {
                source.skipBehind(')');
            } else {
                items.add(quantified());
            }
        }
        return items.size() == 1 ? items.getFirst() : new Node.Sequence(items);
    }

    private Node quantified() {
        if (atQuantifier()) {
            throw source.refusal("has nothing to repeat");
        }
        boolean group = source.peekIs('(');
        Node item = atom();
        if (!atQuantifier()) {
            return item;
        }
        if (item instanceof Node.Boundary && !group) {
            throw source.refusal("repeats an anchor");
        }
        Node.Repeat repeat = quantifier(item);
        source.skip("?"); // lazy: another way, the same names
        if (source.peekIs('+')) {
            throw source.refusal("has a possessive quantifier, which is not supported");
        }
        if (atQuantifier()) {
            throw source.refusal("has two quantifiers in a row");
        }
        return repeat;
    }

    /** A brace that begins no quantifier is itself, as in Python. */
    private boolean atQuantifier() {
        return !source.atEnd()
                && REPEATERS.indexOf(source.peek()) >= 0
                && (source.peek() != '{' || source.countsAhead());
    }

    private Node.Repeat quantifier(Node item) {
        return switch (source.next()) {
            case '*' -> new Node.Repeat(item, 0, Node.Repeat.UNBOUNDED);
            case '+' -> new Node.Repeat(item, 1, Node.Repeat.UNBOUNDED);
            case '?' -> new Node.Repeat(item, 0, 1);
            default -> counted(item);
        };
    }

    private Node.Repeat counted(Node item) {
        int min = source.number(0);
        int max = source.skip(",") ? source.number(Node.Repeat.UNBOUNDED) : min;
        source.skip("}");
        if (max < min) {
            throw source.refusal("repeats at least %d and at most %d times".formatted(min, max));
        }
        return new Node.Repeat(item, min, max);
    }

    private Node atom() {
        int character = source.next();
        return switch (character) {
            case '(' -> group();
            case '[' -> new Node.Characters(new ClassParser(source).read());
            case '.' -> new Node.Characters(CharacterSet.NO_LINE_FEED);
            case '^' -> Node.Boundary.START;
            case '$' -> Node.Boundary.END;
            case '\\' -> escape();
            default -> new Node.Characters(CharacterSet.of(character));
        };
    }

    /** What stands behind an opening bracket. */
    private Node group() {
        if (++nesting > MAX_NESTING) {
            throw source.refusal("nests groups deeper than %d".formatted(MAX_NESTING));
        }
        Node group;
        if (!source.skip("?") || source.skip(":")) {
            group = alternatives();
        } else if (source.skip("P<")) {
            source.skipBehind('>');
            group = alternatives();
        } else if (source.skip("=")) {
            group = new Node.Look(alternatives(), false, false);
        } else if (source.skip("!")) {
            group = new Node.Look(alternatives(), false, true);
        } else if (source.skip("<=")) {
            group = new Node.Look(alternatives(), true, false);
        } else if (source.skip("<!")) {
            group = new Node.Look(alternatives(), true, true);
        } else {
            throw source.refusal("uses a flag, a condition or another extension, which is not supported");
        }
        if (!source.skip(")")) {
            throw source.refusal("lacks a ')'");
        }
        nesting--;
        return group;
    }

    private Node escape() {
        int letter = source.next();
        return switch (letter) {
            case 'A' -> Node.Boundary.START;
            case 'Z', 'z' -> Node.Boundary.END;
            case 'b' -> Node.Boundary.WORD;
            case 'B' -> Node.Boundary.NO_WORD;
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' ->
                new Node.Characters(CharacterSet.of(source.threeOctalDigits(letter)
                        .orElseThrow(() -> source.refusal("refers back to a group, which is not supported"))));
            default ->
                new Node.Characters(
                        PatternSource.classOf(letter).orElseGet(() -> CharacterSet.of(source.character(letter))));
        };
    }
}
