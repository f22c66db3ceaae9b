package io.plumbline.compliance.review;

import io.plumbline.compliance.rule.Action;
import io.plumbline.inference.pool.OutputConstraint;
import java.util.List;

/**
 * An answer to be decided by a person.
 *
 * @param id names it
 * @param origin where it comes from
 * @param conversation as the caller sent it
 * @param choices the held ones, at least one
 * @param findings of question and answer; at least one holds
 * @param form what the answer was held to while it was generated; what is released has to be of it too
 */
public record NewCase(
        CaseId id,
        CaseOrigin origin,
        List<CaseMessage> conversation,
        List<HeldChoice> choices,
        List<CaseFinding> findings,
        OutputConstraint form) {
    public NewCase {
        conversation = List.copyOf(conversation);
        choices = List.copyOf(choices);
        findings = List.copyOf(findings);
        if (choices.isEmpty() || findings.stream().noneMatch(CaseFinding::holds)) {
            throw new IllegalArgumentException("a case has a held choice and a finding that holds it");
        }
    }

    /** The highest severity among what holds it: 1 is the highest. */
    public int severity() {
        return findings.stream()
                .filter(CaseFinding::holds)
                .mapToInt(CaseFinding::severity)
                .min()
                .orElseThrow();
    }

    public ReviewLevel level() {
        return findings.stream().anyMatch(finding -> finding.action() == Action.ESCALATE)
                ? ReviewLevel.SECOND
                : ReviewLevel.FIRST;
    }
}
