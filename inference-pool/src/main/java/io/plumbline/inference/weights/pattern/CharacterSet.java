package io.plumbline.inference.weights.pattern;

/**
 * A set of ASCII characters; others occur in no name.
 *
 * @param low bit c for the characters below 64
 * @param high bit c - 64 for the others
 */
record CharacterSet(long low, long high) {
    static final CharacterSet NONE = new CharacterSet(0, 0);
    static final CharacterSet ALL = new CharacterSet(-1, -1);
    static final CharacterSet DIGIT = range('0', '9');
    static final CharacterSet WORD =
            DIGIT.or(range('a', 'z')).or(range('A', 'Z')).or(of('_'));
    /** As {@code str.isspace} has it: the separators 1C to 1F are among them. */
    static final CharacterSet SPACE = range(0x09, 0x0D).or(range(0x1C, 0x20));

    static final CharacterSet NO_LINE_FEED = of('\n').complement();

    /** One character; none if it is not ASCII. */
    static CharacterSet of(int character) {
        return range(character, character);
    }

    static CharacterSet range(int first, int last) {
        long low = 0;
        long high = 0;
        for (int c = first; c <= Math.min(last, 0x7F); c++) {
            low |= c < 64 ? 1L << c : 0;
            high |= c < 64 ? 0 : 1L << (c - 64);
        }
        return new CharacterSet(low, high);
    }

    CharacterSet or(CharacterSet other) {
        return new CharacterSet(low | other.low, high | other.high);
    }

    CharacterSet complement() {
        return new CharacterSet(~low, ~high);
    }

    boolean contains(int character) {
        return ((character < 64 ? low >>> character : high >>> (character - 64)) & 1) != 0;
    }
}
