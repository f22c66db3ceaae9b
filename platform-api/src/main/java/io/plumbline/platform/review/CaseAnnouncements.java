package io.plumbline.platform.review;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.review.event.CaseClaimed;
import io.plumbline.compliance.review.event.CaseDecided;
import io.plumbline.compliance.review.event.CaseEscalated;
import io.plumbline.compliance.review.event.CaseExpired;
import io.plumbline.compliance.review.event.CaseOpened;
import io.plumbline.platform.outbox.Outbox;
import io.plumbline.platform.review.event.ReviewCaseChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Puts what happens to cases into outbox and audit log, within the transaction in which it happens. */
@ApplicationScoped
class CaseAnnouncements {
    private static final String SYSTEM = "system";
    private static final int MAX_FACT = 512;

    private final Outbox outbox;
    private final Event<AuditableAct> acts;

    @Inject
    CaseAnnouncements(Outbox outbox, Event<AuditableAct> acts) {
        this.outbox = outbox;
        this.acts = acts;
    }

    void onOpened(@Observes CaseOpened e) {
        Map<String, String> digests = named("generated", e.heldSha256());
        outbox.record(new ReviewCaseChanged(
                e.caseId().value(), "opened", e.answerId(), SYSTEM, e.severity(), e.rules(), e.ruleSet(), digests));
        act(new AuditableAct(
                "case.opened",
                SYSTEM,
                e.caseId().value(),
                Map.of(
                        "answer", e.answerId(),
                        "model", shortened(e.model()),
                        "rule_set", e.ruleSet(),
                        "rules", joined(e.rules()),
                        "severity", Integer.toString(e.severity()),
                        "level", Integer.toString(e.level().number()),
                        "deadline", e.deadline().toString()),
                digests));
    }

    void onClaimed(@Observes CaseClaimed e) {
        String actor = e.lease().holder();
        outbox.record(change(e.caseId().value(), "claimed", e.answerId(), actor));
        act(new AuditableAct(
                "case.claimed",
                actor,
                e.caseId().value(),
                Map.of(
                        "answer", e.answerId(),
                        "lease_token", Long.toString(e.lease().token()),
                        "lease_until", e.lease().expiresAt().toString()),
                Map.of()));
    }

    void onEscalated(@Observes CaseEscalated e) {
        outbox.record(change(e.caseId().value(), "escalated", e.answerId(), e.reviewer()));
        act(new AuditableAct(
                "case.escalated",
                e.reviewer(),
                e.caseId().value(),
                Map.of("answer", e.answerId(), "lease_token", Long.toString(e.token())),
                Map.of()));
    }

    void onDecided(@Observes CaseDecided e) {
        Map<String, String> digests = named("generated", e.heldSha256());
        digests.putAll(named("released", e.releasedSha256()));
        String decision = e.decision().wireName();
        outbox.record(new ReviewCaseChanged(
                e.caseId().value(), decision, e.answerId(), e.reviewer(), null, e.rules(), e.ruleSet(), digests));
        act(new AuditableAct(
                "case.decided",
                e.reviewer(),
                e.caseId().value(),
                Map.of(
                        "answer", e.answerId(),
                        "decision", decision,
                        "level", Integer.toString(e.level().number()),
                        "lease_token", Long.toString(e.token()),
                        "rule_set", e.ruleSet(),
                        "rules", joined(e.rules())),
                digests));
    }

    void onExpired(@Observes CaseExpired e) {
        Map<String, String> digests = named("generated", e.heldSha256());
        outbox.record(new ReviewCaseChanged(
                e.caseId().value(), "expired", e.answerId(), SYSTEM, null, e.rules(), e.ruleSet(), digests));
        act(new AuditableAct(
                "case.decided",
                SYSTEM,
                e.caseId().value(),
                Map.of(
                        "answer", e.answerId(),
                        "decision", "expired",
                        "rule_set", e.ruleSet(),
                        "rules", joined(e.rules())),
                digests));
    }

    private void act(AuditableAct act) {
        acts.fire(act);
    }

    private static ReviewCaseChanged change(String caseId, String change, String answer, String actor) {
        return new ReviewCaseChanged(caseId, change, answer, actor, null, null, null, null);
    }

    /** As {@code choices[0].generated}. */
    private static Map<String, String> named(String what, Map<Integer, String> digests) {
        Map<String, String> named = new TreeMap<>();
        digests.forEach((index, digest) -> named.put("choices[%d].%s".formatted(index, what), digest));
        return named;
    }

    private static String joined(List<String> rules) {
        return shortened(String.join(",", rules));
    }

    private static String shortened(String fact) {
        return fact.length() <= MAX_FACT ? fact : fact.substring(0, MAX_FACT);
    }
}
