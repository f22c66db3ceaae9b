package io.plumbline.compliance.rule;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One rule of the catalogue, as its file says.
 *
 * @param id its name
 * @param version counts its changes, from 1
 * @param title what it is about
 * @param scope when it applies
 * @param severity 1 (highest) to 4
 * @param action what it asks for
 * @param mask what stands for a redacted span, such as {@code resident-id}; empty = the span is removed
 * @param rewrite what it adds, if it rewrites
 * @param message what to tell the caller
 * @param governance who answers for it and on what ground
 */
public record Rule(
        RuleId id,
        int version,
        Bilingual title,
        Scope scope,
        int severity,
        Action action,
        String mask,
        Optional<Rewrite> rewrite,
        Bilingual message,
        Governance governance) {

    /**
     * Why the rule is there.
     *
     * @param basis laws, standards and practices it rests on
     * @param owner who answers for it
     * @param reviewer area and level of the person who decides first, such as {@code privacy:2}
     * @param risks codes of GB/T 45654-2025 Annex A
     * @param kinds the detectors that are live
     * @param examples resource with its examples
     */
    public record Governance(
            List<Basis> basis,
            String owner,
            String reviewer,
            List<String> risks,
            Set<DetectorKind> kinds,
            String examples) {
        public Governance {
            basis = List.copyOf(basis);
            risks = List.copyOf(risks);
            kinds = Set.copyOf(kinds);
        }
    }

    /** Id and version, such as {@code PRI-001@1}. */
    public String reference() {
        return id + "@" + version;
    }
}
