package io.plumbline.compliance.rule;

/**
 * What a rewriting rule adds.
 *
 * @param place where
 * @param text the words; those of missing requirements follow, one a line
 */
public record Rewrite(Place place, Bilingual text) {
    /** Where the words go. */
    public enum Place {
        /** Before the sentence that made the rule fire. On input: before the answer. */
        BEFORE,
        /** At the end of the answer. */
        AFTER
    }
}
