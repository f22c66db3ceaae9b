package io.plumbline.inference.weights.pattern;

import java.util.List;

/**
 * A part of an expression. Not a {@code grammar.Node}: that one is a language over bytes, to be told what may come next, and
 * has no place for looks and boundaries, which Python's expressions over names have and which are answered here by sets of
 * places in one name.
 */
sealed interface Node {
    /** One character. */
    record Characters(CharacterSet set) implements Node {}

    /** One after the other. */
    record Sequence(List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** One of them. */
    record Choice(List<Node> alternatives) implements Node {
        public Choice {
            alternatives = List.copyOf(alternatives);
        }
    }

    /** From {@code min} to {@code max} times; lazy or greedy makes no difference to whether a name matches. */
    record Repeat(Node item, int min, int max) implements Node {
        static final int UNBOUNDED = Integer.MAX_VALUE;
    }

    /** A look at what follows or precedes, which takes no character. */
    record Look(Node inner, boolean behind, boolean negated) implements Node {}

    /** A kind of place. */
    enum Boundary implements Node {
        /** {@code ^}, {@code \A}. */
        START,
        /** {@code $}, {@code \Z}; names have no line feed before which {@code $} would match too. */
        END,
        /** {@code \b}. */
        WORD,
        /** {@code \B}. */
        NO_WORD
    }
}
