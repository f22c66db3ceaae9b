package io.plumbline.inference.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A set of characters by code point, never surrogates. Unchangeable. */
public final class CodePoints {
    private static final int LAST = 0x10FFFF;

    /** Every character. */
    public static final CodePoints ALL = new CodePoints(new int[] {0, 0xD7FF, 0xE000, LAST});

    /** No character. */
    public static final CodePoints NONE = new CodePoints(new int[0]);

    /** Pairs of first and last, ascending, neither touching nor overlapping, but for the gap of the surrogates. */
    private final int[] ranges;

    private CodePoints(int[] ranges) {
        this.ranges = ranges;
    }

    /** From {@code first} to {@code last}, both included. */
    public static CodePoints range(int first, int last) {
        if (first < 0 || last > LAST || first > last) {
            throw new IllegalArgumentException("U+%04X to U+%04X".formatted(first, last));
        }
        return new CodePoints(new int[] {first, last}).and(ALL);
    }

    /** The characters of a text. */
    public static CodePoints of(String characters) {
        return characters.codePoints().mapToObj(c -> range(c, c)).reduce(NONE, CodePoints::or);
    }

    public CodePoints or(CodePoints other) {
        return complement().and(other.complement()).complement();
    }

    public CodePoints minus(CodePoints other) {
        return and(other.complement());
    }

    public CodePoints and(CodePoints other) {
        int[] merged = new int[ranges.length + other.ranges.length];
        int size = 0;
        int i = 0;
        int j = 0;
        while (i < ranges.length && j < other.ranges.length) {
            int first = Math.max(ranges[i], other.ranges[j]);
            int last = Math.min(ranges[i + 1], other.ranges[j + 1]);
            if (first <= last) {
                merged[size++] = first;
                merged[size++] = last;
            }
            if (ranges[i + 1] < other.ranges[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return new CodePoints(Arrays.copyOf(merged, size));
    }

    private CodePoints withoutSurrogates() {
        return and(ALL);
    }

    /** All other characters. */
    public CodePoints complement() {
        List<Integer> gaps = new ArrayList<>();
        int next = 0;
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] > next) {
                gaps.add(next);
                gaps.add(ranges[i] - 1);
            }
            next = ranges[i + 1] + 1;
        }
        if (next <= LAST) {
            gaps.add(next);
            gaps.add(LAST);
        }
        return new CodePoints(gaps.stream().mapToInt(Integer::intValue).toArray()).withoutSurrogates();
    }

    public boolean isEmpty() {
        return ranges.length == 0;
    }

    public boolean contains(int codePoint) {
        for (int i = 0; i < ranges.length; i += 2) {
            if (codePoint >= ranges[i] && codePoint <= ranges[i + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The only character, or -1 if there is none or more than one. */
    public int single() {
        return ranges.length == 2 && ranges[0] == ranges[1] ? ranges[0] : -1;
    }

    /** One of the characters, in UTF-8. */
    public Node utf8() {
        ByteSet single = new ByteSet(0, 0, 0, 0);
        List<Node> alternatives = new ArrayList<>();
        for (int i = 0; i < ranges.length; i += 2) {
            int first = ranges[i];
            if (first <= 0x7F) {
                single = single.or(ByteSet.range(first, Math.min(ranges[i + 1], 0x7F)));
            }
            encode(Math.max(first, 0x80), Math.min(ranges[i + 1], 0x7FF), 2, alternatives);
            encode(Math.max(first, 0x800), Math.min(ranges[i + 1], 0xFFFF), 3, alternatives);
            encode(Math.max(first, 0x10000), ranges[i + 1], 4, alternatives);
        }
        if (!single.isEmpty()) {
            alternatives.addFirst(single);
        }
        return Node.choice(alternatives);
    }

    private static void encode(int first, int last, int length, List<Node> into) {
        if (first <= last) {
            into.add(tail(first, last, length, true));
        }
    }

    /**
     * The characters of a range whose encodings have the same length.
     *
     * @param length bytes that are left to be written
     * @param lead whether the first of them is the first of the character
     */
    private static Node tail(int first, int last, int length, boolean lead) {
        int shift = 6 * (length - 1);
        int prefix = lead ? new int[] {0, 0, 0xC0, 0xE0, 0xF0}[length] : 0x80;
        int high = first >> shift;
        int highest = last >> shift;
        if (length == 1) {
            return ByteSet.range(prefix | first, prefix | last);
        }
        int mask = (1 << shift) - 1;
        if (high == highest) {
            return Node.sequence(
                    ByteSet.range(prefix | high, prefix | high), tail(first & mask, last & mask, length - 1, false));
        }
        List<Node> parts = new ArrayList<>();
        if ((first & mask) != 0) {
            parts.add(tail(first, high << shift | mask, length, lead));
            high++;
        }
        int full = (last & mask) == mask ? highest : highest - 1;
        if (high <= full) {
            parts.add(Node.sequence(ByteSet.range(prefix | high, prefix | full), tail(0, mask, length - 1, false)));
        }
        if (full < highest) {
            parts.add(tail(highest << shift, last, length, lead));
        }
        return Node.choice(parts);
    }
}
