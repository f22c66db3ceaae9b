package io.plumbline.inference.weights.pattern;

/**
 * The path of a module, such as {@code model.layers.3.self_attn.q_proj}. A set of places in it fits into one {@code
 * long}: bit i stands for the place before character i.
 *
 * @param text ASCII, at most {@value #MAX_LENGTH} characters
 */
public record ModuleName(String text) {
    static final int MAX_LENGTH = 62;

    public ModuleName {
        if (text.length() > MAX_LENGTH || text.chars().anyMatch(c -> c > 0x7F)) {
            throw new IllegalArgumentException("no name of a module: " + text);
        }
    }

    /** The place before the first character. */
    static final long START = 1;

    /** The place behind the last character. */
    long end() {
        return 1L << text.length();
    }

    /** Every place. */
    long everywhere() {
        return (end() << 1) - 1;
    }

    /** The places before a character of the set. */
    long before(CharacterSet set) {
        long places = 0;
        for (int i = 0; i < text.length(); i++) {
            if (set.contains(text.charAt(i))) {
                places |= 1L << i;
            }
        }
        return places;
    }

    /** The places between a word and something else. */
    long wordBoundaries() {
        long word = before(CharacterSet.WORD);
        return (word ^ (word << 1)) & everywhere();
    }
}
