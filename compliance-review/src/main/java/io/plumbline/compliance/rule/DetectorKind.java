package io.plumbline.compliance.rule;

import java.util.Locale;
import java.util.Optional;

/** What a detector is; the short name stands in rule files and verdicts. Kinds that need a model are not in this list yet. */
public enum DetectorKind {
    /** Keywords on normalised text. */
    KW,
    /** Linear-time expression. */
    RX,
    /** Expression with a checksum or validator. */
    RC,
    /** Two things within a window. */
    CX,
    /** Structure: something stands there, or a required thing is missing. */
    ST,
    /** Metadata. */
    MD;

    /** The short name. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with that short name. */
    public static Optional<DetectorKind> of(String code) {
        for (DetectorKind kind : values()) {
            if (kind.code().equals(code)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
