package io.plumbline.compliance.review;

import io.plumbline.compliance.review.event.CaseClaimed;
import io.plumbline.compliance.review.event.CaseDecided;
import io.plumbline.compliance.review.event.CaseEscalated;
import io.plumbline.compliance.review.event.CaseExpired;
import io.plumbline.compliance.review.event.CaseOpened;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Tells the rest of the product what happened to a case, within the transaction in which it happens. */
@ApplicationScoped
class CaseJournal {
    private final Event<Object> events;

    @Inject
    CaseJournal(Event<Object> events) {
        this.events = events;
    }

    void opened(ReviewCase c) {
        events.fire(new CaseOpened(
                c.tenant(),
                c.id(),
                c.origin().answerId(),
                c.origin().model(),
                c.origin().ruleSet(),
                rules(c),
                c.severity(),
                c.level(),
                c.deadline(),
                held(c)));
    }

    void claimed(ReviewCase c) {
        events.fire(new CaseClaimed(
                c.tenant(), c.id(), c.origin().answerId(), c.lease().orElseThrow()));
    }

    /** @param token of the lease under which it was decided */
    void decided(ReviewCase c, long token) {
        Outcome outcome = c.outcome().orElseThrow();
        Map<Integer, String> released = new TreeMap<>();
        c.choices()
                .forEach(choice -> choice.released().ifPresent(text -> released.put(choice.index(), Sha256.of(text))));
        events.fire(new CaseDecided(
                c.tenant(),
                c.id(),
                c.origin().answerId(),
                c.state(),
                outcome.by(),
                token,
                c.level(),
                c.origin().ruleSet(),
                rules(c),
                outcome.at(),
                held(c),
                released));
    }

    /** @param token of the lease under which it was escalated */
    void escalated(ReviewCase c, long token) {
        Escalation escalation = c.escalation().orElseThrow();
        events.fire(
                new CaseEscalated(c.tenant(), c.id(), c.origin().answerId(), escalation.by(), token, escalation.at()));
    }

    void expired(ReviewCase c) {
        events.fire(new CaseExpired(
                c.tenant(),
                c.id(),
                c.origin().answerId(),
                c.origin().ruleSet(),
                rules(c),
                c.outcome().orElseThrow().at(),
                held(c)));
    }

    private static List<String> rules(ReviewCase c) {
        return c.findings().stream()
                .filter(CaseFinding::holds)
                .map(CaseFinding::rule)
                .distinct()
                .toList();
    }

    private static Map<Integer, String> held(ReviewCase c) {
        Map<Integer, String> held = new TreeMap<>();
        c.choices().forEach(choice -> held.put(choice.index(), Sha256.of(choice.generated())));
        return held;
    }
}
