package io.plumbline.compliance.review;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.OutputConstraint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From rows to what leaves the package. */
final class CaseViews {
    private static final int EXCERPT = 160;

    private CaseViews() {}

    static ReviewCase of(ReviewCaseEntity e, Instant now) {
        return new ReviewCase(
                new CaseId(e.id),
                TenantId.of(e.tenant),
                state(e, now),
                e.level,
                e.severity,
                origin(e),
                CaseJson.messages(e.conversation),
                choices(e),
                CaseJson.findings(e.findings),
                e.form == null ? OutputConstraint.free() : CaseJson.form(e.form),
                e.openedAt,
                e.deadline,
                lease(e, now),
                escalation(e),
                outcome(e));
    }

    static CaseSummary summary(ReviewCaseEntity e, Instant now) {
        return new CaseSummary(
                new CaseId(e.id),
                TenantId.of(e.tenant),
                state(e, now),
                e.level,
                e.severity,
                origin(e),
                CaseJson.findings(e.findings).stream()
                        .filter(CaseFinding::holds)
                        .toList(),
                excerpt(CaseJson.messages(e.conversation)),
                e.openedAt,
                e.deadline,
                lease(e, now),
                outcome(e),
                position(e));
    }

    static CasePosition position(ReviewCaseEntity e) {
        return new CasePosition(e.decidedAt == null ? e.deadline : e.decidedAt, new CaseId(e.id));
    }

    /** The lease that holds now; one that ran out is none. */
    static Optional<Lease> lease(ReviewCaseEntity e, Instant now) {
        return e.leaseHolder == null || e.leaseUntil == null || e.decidedAt != null || !e.leaseUntil.isAfter(now)
                ? Optional.empty()
                : Optional.of(new Lease(e.leaseToken, e.leaseHolder, e.leaseUntil));
    }

    private static CaseState state(ReviewCaseEntity e, Instant now) {
        return lease(e, now).isPresent() ? CaseState.CLAIMED : e.state;
    }

    private static CaseOrigin origin(ReviewCaseEntity e) {
        return new CaseOrigin(e.answerId, e.model, Optional.ofNullable(e.deployment), e.askedBy, e.language, e.ruleSet);
    }

    private static List<HeldChoice> choices(ReviewCaseEntity e) {
        Map<Integer, String> released = e.released == null ? Map.of() : CaseJson.texts(e.released);
        return CaseJson.choices(e.choices).stream()
                .map(choice -> choice.released(Optional.ofNullable(released.get(choice.index()))))
                .toList();
    }

    private static Optional<Escalation> escalation(ReviewCaseEntity e) {
        return e.escalatedBy == null || e.escalatedAt == null
                ? Optional.empty()
                : Optional.of(new Escalation(
                        e.escalatedBy, e.escalatedAt, e.escalationReason == null ? "" : e.escalationReason));
    }

    private static Optional<Outcome> outcome(ReviewCaseEntity e) {
        return e.decidedBy == null || e.decidedAt == null
                ? Optional.empty()
                : Optional.of(new Outcome(
                        e.decidedBy,
                        e.decidedAt,
                        Optional.ofNullable(e.decisionReason),
                        Optional.ofNullable(e.decisionNote)));
    }

    private static String excerpt(List<CaseMessage> conversation) {
        String last = conversation.isEmpty() ? "" : conversation.getLast().content();
        return last.codePointCount(0, last.length()) <= EXCERPT
                ? last
                : last.substring(0, last.offsetByCodePoints(0, EXCERPT)) + "…";
    }

    static Draft draft(ReviewDraftEntity e) {
        return new Draft(
                new CaseId(e.key.caseId()), e.key.author(), new DraftText(CaseJson.texts(e.texts), e.note), e.savedAt);
    }
}
