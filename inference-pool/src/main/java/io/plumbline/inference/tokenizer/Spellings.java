package io.plumbline.inference.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts with a number each, found by number and by text. All of them lie in one array of UTF-8: as objects, the 262,144
 * spellings of a large vocabulary and the map back to their numbers take ten times the memory.
 */
final class Spellings {
    static final int NONE = -1;

    private final byte[] bytes;
    /** Text n ends before {@code ends[n]} and begins where the one before it ends. */
    private final int[] ends;
    /** Open-addressing table of numbers, at most half full. */
    private final int[] slots;

    private Spellings(byte[] bytes, int[] ends) {
        this.bytes = bytes;
        this.ends = ends;
        this.slots = new int[Integer.highestOneBit(Math.max(1, 2 * ends.length - 1)) * 2];
        Arrays.fill(slots, NONE);
        for (int number = 0; number < ends.length; number++) {
            int slot = slot(bytes, start(number), ends[number]);
            if (slots[slot] == NONE) {
                slots[slot] = number;
            }
        }
    }

    /** Collects texts; the first has number 0. */
    static final class Builder {
        private final int[] ends;
        private byte[] bytes;
        private int count;

        /** @param size how many texts will be added */
        Builder(int size) {
            ends = new int[size];
            bytes = new byte[Math.max(16, size * 8)];
        }

        /** Adds the text whose UTF-8 are the first bytes of a buffer. */
        Builder add(byte[] utf8, int length) {
            int start = count == 0 ? 0 : ends[count - 1];
            if (length > bytes.length - start) {
                bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(start, length), bytes.length / 2 * 3));
            }
            System.arraycopy(utf8, 0, bytes, start, length);
            ends[count++] = start + length;
            return this;
        }

        Spellings build() {
            if (count != ends.length) {
                throw new IllegalStateException("%d texts of %d".formatted(count, ends.length));
            }
            return new Spellings(Arrays.copyOf(bytes, count == 0 ? 0 : ends[count - 1]), ends);
        }
    }

    static Spellings of(List<String> texts) {
        Builder builder = new Builder(texts.size());
        for (String text : texts) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            builder.add(utf8, utf8.length);
        }
        return builder.build();
    }

    int size() {
        return ends.length;
    }

    String text(int number) {
        return new String(bytes, start(number), length(number), StandardCharsets.UTF_8);
    }

    /** Bytes of a text in UTF-8. */
    int length(int number) {
        return ends[number] - start(number);
    }

    /** Bytes of the longest text. */
    int longest() {
        return IntStream.range(0, size()).map(this::length).max().orElse(0);
    }

    /** The first number of a text, or {@link #NONE}. */
    int find(String text) {
        // Half a surrogate pair is no text and has no bytes of its own; encoding would make a question mark of it.
        return hasHalfPair(text) ? NONE : find(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The first number of the text with these bytes, or {@link #NONE}. */
    int find(byte[] utf8) {
        return find(utf8, 0, utf8.length);
    }

    /** The first number of the text with the bytes from {@code from} to before {@code to}, or {@link #NONE}. */
    int find(byte[] utf8, int from, int to) {
        return slots[slot(utf8, from, to)];
    }

    /** Every number of a text, where several are alike. */
    IntStream all(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int first = find(utf8);
        return first == NONE
                ? IntStream.empty()
                : IntStream.range(first, size()).filter(number -> equals(number, utf8, 0, utf8.length));
    }

    private int start(int number) {
        return number == 0 ? 0 : ends[number - 1];
    }

    private boolean equals(int number, byte[] utf8, int from, int to) {
        return Arrays.equals(bytes, start(number), ends[number], utf8, from, to);
    }

    /** Where a text stands in the table, or the free slot where it would. */
    private int slot(byte[] utf8, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + utf8[i];
        }
        int mask = slots.length - 1;
        int slot = (hash * 0x9E37_79B9 >>> 7) & mask;
        while (slots[slot] != NONE && !equals(slots[slot], utf8, from, to)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static boolean hasHalfPair(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isHighSurrogate(text.charAt(i))
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
