package io.plumbline.compliance.rule;

/** The subject of a rule; the first part of its id. */
public enum Domain {
    /** General content. */
    GEN,
    /** Privacy. */
    PRI,
    /** Security. */
    SEC,
    /** Medical. */
    MED,
    /** Finance. */
    FIN,
    /** Industrial. */
    IND,
    /** Labelling. */
    LBL,
    /** Training data. */
    TRN;

    /** Whether the rules apply only to tenants of that profession. */
    public boolean professional() {
        return switch (this) {
            case MED, FIN, IND -> true;
            case GEN, PRI, SEC, LBL, TRN -> false;
        };
    }
}
