package io.plumbline.inference.grammar;

/** Any one byte of a set; bit {@code b % 64} of word {@code b / 64} says whether byte b is in it. */
public record ByteSet(long w0, long w1, long w2, long w3) implements Node {
    /** Every byte. */
    public static final ByteSet ALL = new ByteSet(-1, -1, -1, -1);

    /** The bytes from {@code first} to {@code last}, both included, 0 to 255. */
    public static ByteSet range(int first, int last) {
        if (first < 0 || last > 255 || first > last) {
            throw new IllegalArgumentException("bytes %d to %d".formatted(first, last));
        }
        long[] words = new long[4];
        for (int b = first; b <= last; b++) {
            words[b >> 6] |= 1L << b;
        }
        return new ByteSet(words[0], words[1], words[2], words[3]);
    }

    /** The bytes of these characters, all of them ASCII. */
    public static ByteSet of(String characters) {
        ByteSet set = new ByteSet(0, 0, 0, 0);
        for (int i = 0; i < characters.length(); i++) {
            if (characters.charAt(i) > 0x7F) {
                throw new IllegalArgumentException("not ASCII: " + characters);
            }
            set = set.or(range(characters.charAt(i), characters.charAt(i)));
        }
        return set;
    }

    public ByteSet or(ByteSet other) {
        return new ByteSet(w0 | other.w0, w1 | other.w1, w2 | other.w2, w3 | other.w3);
    }

    /** The bytes that are not in it. */
    public ByteSet complement() {
        return new ByteSet(~w0, ~w1, ~w2, ~w3);
    }

    /** Whether it holds a byte, 0 to 255. */
    public boolean contains(int b) {
        long word =
                switch (b >> 6) {
                    case 0 -> w0;
                    case 1 -> w1;
                    case 2 -> w2;
                    default -> w3;
                };
        return (word >>> (b & 63) & 1) != 0;
    }

    public boolean isEmpty() {
        return (w0 | w1 | w2 | w3) == 0;
    }
}
