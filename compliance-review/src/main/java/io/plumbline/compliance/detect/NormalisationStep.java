package io.plumbline.compliance.detect;

import java.util.ArrayList;
import java.util.List;

/** One step of the normaliser, in the order in which they run. */
public enum NormalisationStep {
    /** Escapes of JSON, where the text is JSON. */
    ESCAPE("json-escape"),
    /** Unicode NFKC: full-width forms, ligatures, circled digits. */
    NFKC("nfkc"),
    /** Zero-width, bidirectional-control and tag characters removed. */
    INVISIBLE("invisible"),
    /** Letters of other scripts that look like a Latin letter (Unicode UTS 39). */
    LOOKALIKE("look-alike"),
    /** Traditional to simplified Chinese characters. */
    SIMPLIFIED("simplified"),
    /** Lower case. */
    CASE("case"),
    /** Chinese numerals as ASCII digits. */
    DIGITS("digits"),
    /** Blanks and ornaments between Chinese characters removed, runs of blanks folded. */
    SEPARATORS("separators"),
    /** A word spelled in single letters joined. */
    SPLIT("split"),
    /** Base64, hexadecimal or URL encoding removed. */
    DECODED("decoded");

    private final String label;

    NormalisationStep(String label) {
        this.label = label;
    }

    /** This step's bit in a mask of steps. */
    public int bit() {
        return 1 << ordinal();
    }

    /** The names of the steps in a mask, joined by commas, in order; empty for the raw text. */
    public static String path(int mask) {
        List<String> names = new ArrayList<>();
        for (NormalisationStep step : values()) {
            if ((mask & step.bit()) != 0) {
                names.add(step.label);
            }
        }
        return String.join(",", names);
    }
}
