package io.plumbline.compliance.detect;

/** Which normalised form of a text a detector reads. */
public enum View {
    /** Steps 1 to 5, 7 and 8: folded words; for keywords and phrases. */
    TEXT,
    /** Steps 1 and 2 only: letter case kept; for keys, addresses and links. */
    EXACT,
    /** Steps 1 to 6: Chinese numerals as digits, upper and lower case folded; for identity numbers. */
    DIGITS
}
