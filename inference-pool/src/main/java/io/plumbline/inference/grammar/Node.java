package io.plumbline.inference.grammar;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** A grammar over bytes: what a stretch of text may look like. Nodes are compared by identity and may be shared. */
public sealed interface Node permits ByteSet, Node.Literal, Node.Sequence, Node.Choice, Node.Repeat, Node.Reference {
    /** Nothing, successfully. */
    Node EMPTY = new Sequence(List.of());

    /** Cannot be matched by any text. */
    Node IMPOSSIBLE = new Choice(List.of());

    /** Exactly these bytes, at least one. */
    final class Literal implements Node {
        private final byte[] bytes;

        private Literal(byte[] bytes) {
            this.bytes = bytes;
        }

        int length() {
            return bytes.length;
        }

        /** The byte at an index, 0 to 255. */
        int at(int index) {
            return bytes[index] & 0xFF;
        }
    }

    /** One after the other; an empty sequence matches the empty text. */
    record Sequence(List<Node> items) implements Node {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /** Any of them; an empty choice matches nothing. */
    record Choice(List<Node> alternatives) implements Node {
        public Choice {
            alternatives = List.copyOf(alternatives);
        }
    }

    /**
     * Several times.
     *
     * @param min least times
     * @param max most times, or {@link #UNBOUNDED}
     */
    record Repeat(Node item, int min, int max) implements Node {
        /** No upper bound. */
        public static final int UNBOUNDED = -1;

        public Repeat {
            if (min < 0 || max < UNBOUNDED || (max != UNBOUNDED && max < min)) {
                throw new IllegalArgumentException("repeat %d to %d".formatted(min, max));
            }
        }

        boolean mayGoOn(int done) {
            return max == UNBOUNDED || done < max;
        }
    }

    /** The rule of that name; the only way to recursion. */
    record Reference(String rule) implements Node {}

    /** Exactly these bytes; the empty text if there are none. */
    static Node literal(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Literal(bytes.clone());
    }

    /** Exactly this text, in UTF-8. */
    static Node literal(String text) {
        return literal(text.getBytes(StandardCharsets.UTF_8));
    }

    static Node sequence(Node... items) {
        return sequence(List.of(items));
    }

    static Node sequence(List<Node> items) {
        return items.size() == 1 ? items.getFirst() : new Sequence(items);
    }

    static Node choice(Node... alternatives) {
        return choice(List.of(alternatives));
    }

    static Node choice(List<Node> alternatives) {
        return alternatives.size() == 1 ? alternatives.getFirst() : new Choice(alternatives);
    }

    static Node optional(Node item) {
        return new Repeat(item, 0, 1);
    }

    /** {@code min} to {@code max} times; {@code max} may be {@link Repeat#UNBOUNDED}. */
    static Node repeat(Node item, int min, int max) {
        return min == 1 && max == 1 ? item : new Repeat(item, min, max);
    }

    static Node reference(String rule) {
        return new Reference(rule);
    }
}
