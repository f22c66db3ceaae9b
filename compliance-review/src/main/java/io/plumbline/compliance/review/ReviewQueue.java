package io.plumbline.compliance.review;

import io.plumbline.inference.pool.OutputConstraint;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The current tenant's cases. Whoever claims a case gets a lease with a fencing token; everything that is done under the
 * lease names the token, and the database checks it in the same statement that writes. What a reviewer typed is never lost:
 * where the lease has ended, it is kept as their draft before the failure is told.
 */
@ApplicationScoped
public class ReviewQueue {
    private final CaseTable cases;
    private final CaseUpdates updates;
    private final Drafts drafts;
    private final CaseJournal journal;
    private final ReviewConfig config;
    private final Clock clock;

    @Inject
    ReviewQueue(
            CaseTable cases,
            CaseUpdates updates,
            Drafts drafts,
            CaseJournal journal,
            ReviewConfig config,
            Clock clock) {
        this.cases = cases;
        this.updates = updates;
        this.drafts = drafts;
        this.journal = journal;
        this.config = config;
        this.clock = clock;
    }

    /** Opens a case for an answer; its deadline begins to run. */
    @Transactional
    public ReviewCase open(NewCase wanted) {
        Instant now = clock.instant();
        ReviewCaseEntity row = new ReviewCaseEntity();
        row.id = wanted.id().value();
        row.state = CaseState.PENDING;
        row.level = wanted.level();
        row.severity = wanted.severity();
        row.answerId = wanted.origin().answerId();
        row.model = wanted.origin().model();
        row.deployment = wanted.origin().deployment().orElse(null);
        row.askedBy = wanted.origin().askedBy();
        row.language = wanted.origin().language();
        row.ruleSet = wanted.origin().ruleSet();
        row.conversation = CaseJson.write(wanted.conversation());
        row.choices = CaseJson.write(wanted.choices());
        row.findings = CaseJson.write(wanted.findings());
        row.form = wanted.form() instanceof OutputConstraint.Free ? null : CaseJson.write(wanted.form());
        row.openedAt = now;
        row.deadline = now.plus(config.deadline(row.severity));
        cases.persistAndFlush(row);
        ReviewCase opened = CaseViews.of(row, now);
        journal.opened(opened);
        return opened;
    }

    /** Empty if the tenant has no such case. */
    @Transactional
    public Optional<ReviewCase> find(CaseId id) {
        return cases.fresh(id).map(row -> CaseViews.of(row, cases.now()));
    }

    /**
     * Part of a list, in the order of its selection.
     *
     * @param after where the part before ended
     */
    @Transactional
    public CaseSlice list(CaseFilter filter, Optional<CasePosition> after, int limit) {
        Instant now = cases.now();
        List<CaseSummary> found = cases.list(filter, after, limit + 1).stream()
                .map(row -> CaseViews.summary(row, now))
                .toList();
        return new CaseSlice(found.stream().limit(limit).toList(), found.size() > limit);
    }

    /** How much of the current tenant's waits. */
    @Transactional
    public CaseCounts counts() {
        return cases.counts();
    }

    /**
     * Takes a case to work on. Who holds it already gets a new token, and their old one ends: so a page that is opened again
     * after a login goes on.
     *
     * @throws ReviewException.ClaimedByAnother if a colleague was first
     * @throws ReviewException.FourEyes if the reviewer escalated it, or asked the question
     * @throws ReviewException.AlreadyDecided if it has ended
     */
    @Transactional
    public ReviewCase claim(CaseId id, String reviewer) {
        boolean claimed = updates.claim(id, reviewer, config.lease());
        ReviewCaseEntity row = row(id);
        ReviewCase now = CaseViews.of(row, cases.now());
        if (!claimed) {
            throw whyNotClaimed(now, reviewer);
        }
        journal.claimed(now);
        return now;
    }

    private ReviewException whyNotClaimed(ReviewCase now, String reviewer) {
        if (ended(now).isPresent()) {
            return ended(now).get();
        }
        boolean own = now.origin().askedBy().equals(reviewer)
                || now.escalation().filter(e -> e.by().equals(reviewer)).isPresent();
        if (own) {
            return new ReviewException.FourEyes(now.id());
        }
        // Between the update and now the lease may have run out; the case is free then, and the next claim takes it.
        Lease lease = now.lease().orElse(new Lease(0, "another reviewer", cases.now()));
        return new ReviewException.ClaimedByAnother(now.id(), lease);
    }

    /**
     * Extends a lease to its full length from now, at most to the deadline.
     *
     * @throws ReviewException.LeaseLost if the lease has ended
     * @throws ReviewException.AlreadyDecided if the case has
     */
    @Transactional
    public ReviewCase renew(CaseId id, CaseHold hold) {
        return held(updates.renew(id, hold, config.lease()), id);
    }

    /**
     * Gives a case back before its lease ends.
     *
     * @throws ReviewException.LeaseLost if the lease has ended
     */
    @Transactional
    public ReviewCase release(CaseId id, CaseHold hold) {
        return held(updates.release(id, hold), id);
    }

    /** What the reviewer typed and saved last; nobody else's. */
    @Transactional
    public Optional<Draft> draft(CaseId id, String author) {
        return drafts.find(id, author);
    }

    /**
     * Keeps what a reviewer typed. It is kept in any case; the exceptions only tell that the lease has ended.
     *
     * @throws ReviewException.LeaseLost if the lease has ended
     * @throws ReviewException.AlreadyDecided if the case has
     */
    public Draft saveDraft(CaseId id, CaseHold hold, DraftText text) {
        DecisionRules.requireStorable("note", text.note());
        Draft saved = keep(id, hold.reviewer(), text);
        QuarkusTransaction.requiringNew().run(() -> {
            ReviewCase now = CaseViews.of(row(id), cases.now());
            if (!holds(now, hold)) {
                throw whyNotHeld(now);
            }
        });
        return saved;
    }

    /**
     * Decides a case. Sent twice under the same token, the same decision is answered again.
     *
     * @param note a remark for colleagues and auditors
     * @throws ReviewException.LeaseLost if the lease has ended; edited texts are kept as a draft
     * @throws ReviewException.AlreadyDecided if the case was decided otherwise or expired; likewise
     * @throws ReviewException.AlreadyEscalated if a case of the second level would be escalated
     * @throws ReviewException.InvalidDecision if the decision does not fit the case
     * @throws ReviewException.NotInForm if a text to be released is not of the form that the caller asked for; edited texts
     *     are kept as a draft
     */
    public ReviewCase decide(CaseId id, CaseHold hold, Decision decision, Optional<String> note) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> decideNow(id, hold, decision, note));
        } catch (ReviewException.LeaseLost | ReviewException.AlreadyDecided | ReviewException.NotInForm e) {
            keepTyped(id, hold.reviewer(), decision, note);
            throw e;
        }
    }

    private ReviewCase decideNow(CaseId id, CaseHold hold, Decision decision, Optional<String> note) {
        ReviewCase before = CaseViews.of(row(id), cases.now());
        if (decision instanceof Decision.Escalate(String reason)) {
            return escalate(hold, reason, before);
        }
        CaseUpdates.Ending ending = DecisionRules.ending(before, decision, note);
        boolean decided = updates.decide(id, hold, ending);
        ReviewCase after = CaseViews.of(row(id), cases.now());
        if (decided) {
            journal.decided(after, hold.token());
            return after;
        }
        if (repeated(after, hold, ending)) {
            return after;
        }
        throw whyNotHeld(after);
    }

    private ReviewCase escalate(CaseHold hold, String reason, ReviewCase before) {
        DecisionRules.requireText("reason", reason);
        if (!updates.escalate(before.id(), hold, reason)) {
            ReviewCase now = CaseViews.of(row(before.id()), cases.now());
            throw holds(now, hold) && now.level() == ReviewLevel.SECOND
                    ? new ReviewException.AlreadyEscalated(now.id())
                    : whyNotHeld(now);
        }
        ReviewCase after = CaseViews.of(row(before.id()), cases.now());
        journal.escalated(after, hold.token());
        return after;
    }

    /** Whether the same decision was made under the same token before: the answer to it may have been lost on the way. */
    private boolean repeated(ReviewCase now, CaseHold hold, CaseUpdates.Ending ending) {
        Map<Integer, String> released = new TreeMap<>();
        now.choices().forEach(choice -> choice.released().ifPresent(text -> released.put(choice.index(), text)));
        return now.state() == ending.state()
                && now.outcome().filter(o -> o.by().equals(hold.reviewer())).isPresent()
                && row(now.id()).leaseToken == hold.token()
                && ending.released().map(CaseJson::texts).orElse(Map.of()).equals(released);
    }

    private void keepTyped(CaseId id, String reviewer, Decision decision, Optional<String> note) {
        switch (decision) {
            case Decision.Edit(Map<Integer, String> texts) -> keep(id, reviewer, new DraftText(texts, note.orElse("")));
            case Decision.Reject(String reason) -> keep(id, reviewer, new DraftText(typed(id, reviewer), reason));
            case Decision.Escalate(String reason) -> keep(id, reviewer, new DraftText(typed(id, reviewer), reason));
            case Decision.Approve() -> {}
        }
    }

    /** The texts saved before, which a rejection does not carry. */
    private Map<Integer, String> typed(CaseId id, String reviewer) {
        return QuarkusTransaction.requiringNew()
                .call(() -> drafts.find(id, reviewer).map(d -> d.text().texts()).orElse(Map.of()));
    }

    private Draft keep(CaseId id, String reviewer, DraftText text) {
        return QuarkusTransaction.requiringNew().call(() -> {
            row(id);
            return drafts.save(id, reviewer, text);
        });
    }

    /**
     * Ends a case whose deadline has passed.
     *
     * @return whether it did; false if it was decided in time
     */
    @Transactional
    public boolean expire(CaseId id) {
        boolean expired = updates.expire(id);
        if (expired) {
            journal.expired(CaseViews.of(row(id), cases.now()));
        }
        return expired;
    }

    private ReviewCase held(boolean changed, CaseId id) {
        ReviewCase now = CaseViews.of(row(id), cases.now());
        if (!changed) {
            throw whyNotHeld(now);
        }
        return now;
    }

    private static boolean holds(ReviewCase now, CaseHold hold) {
        return now.lease()
                .filter(lease -> lease.holder().equals(hold.reviewer()) && lease.token() == hold.token())
                .isPresent();
    }

    private ReviewException whyNotHeld(ReviewCase now) {
        return ended(now).orElseGet(() -> new ReviewException.LeaseLost(now.id(), now.lease()));
    }

    /** A case past its deadline has ended, even before the clock's next round says so. */
    private Optional<ReviewException> ended(ReviewCase now) {
        if (now.state().terminal()) {
            return Optional.of(new ReviewException.AlreadyDecided(now.id(), now.state()));
        }
        return now.deadline().isAfter(cases.now())
                ? Optional.empty()
                : Optional.of(new ReviewException.AlreadyDecided(now.id(), CaseState.EXPIRED));
    }

    private ReviewCaseEntity row(CaseId id) {
        return cases.fresh(id).orElseThrow(() -> new ReviewException.UnknownCase(id.value()));
    }
}
