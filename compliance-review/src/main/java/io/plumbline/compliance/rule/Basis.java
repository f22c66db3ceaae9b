package io.plumbline.compliance.rule;

/**
 * What a rule rests on.
 *
 * @param instrument the law, standard or practice
 * @param clause where in it; empty if the whole
 * @param status how sure that is
 */
public record Basis(String instrument, String clause, Status status) {
    /** How far the reference was confirmed. */
    public enum Status {
        /** Instrument, clause number and content were confirmed. */
        CHECKED,
        /** To be compared with the official text before a regulator sees it. */
        TO_CHECK,
        /** An engineering requirement, not law. */
        NOT_LAW
    }

    public Basis {
        if (instrument.isBlank()) {
            throw new IllegalArgumentException("a basis names its instrument");
        }
    }
}
