package io.plumbline.compliance.detect;

/**
 * A text after the normaliser, with the source range of every normalised character. Index i of all arrays and of the
 * three strings is the same character: the steps after NFKC map one character to one character.
 *
 * @param raw the original text
 * @param exact after steps 1 and 2
 * @param folded after steps 1 to 5
 * @param digits after steps 1 to 6
 * @param starts (length) first index in {@code raw} of each character's source
 * @param ends (length) index in {@code raw} after each character's source
 * @param steps (length) mask of the steps that made each character of {@code folded}
 */
record NormalisedText(String raw, String exact, String folded, String digits, int[] starts, int[] ends, short[] steps) {

    int length() {
        return folded.length();
    }

    /** Index in the original text where character {@code i} begins; the text's end for {@code i == length()}. */
    int rawStart(int i) {
        return i < length() ? starts[i] : raw.length();
    }
}
