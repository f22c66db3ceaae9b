package io.plumbline.platform.review;

import io.plumbline.compliance.review.CaseCounts;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseHold;
import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CasePosition;
import io.plumbline.compliance.review.CaseSlice;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.Draft;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.compliance.review.ReviewQueue;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What reviewers do, for the REST routes and the console alike. Every access works for one tenant that the reviewer is
 * cleared for; a case of another tenant is answered like one that does not exist. Reading needs the scope
 * {@code reviews:read}, everything else {@code reviews:decide}; each method checks that itself.
 *
 * <p>Must be called outside a transaction. Failures are {@link ReviewException}s and
 * {@link io.plumbline.platform.identity.MissingScope}.
 */
@ApplicationScoped
public class ReviewDesk {
    private final ReviewQueue queue;
    private final CurrentTenant currentTenant;

    @Inject
    ReviewDesk(ReviewQueue queue, CurrentTenant currentTenant) {
        this.queue = queue;
        this.currentTenant = currentTenant;
    }

    /**
     * Cases of all tenants the reviewer is cleared for, merged in the order of the selection: open ones by deadline (the
     * most urgent first), decided ones newest first.
     *
     * @param filter {@link CaseFilter#OPEN}, or narrower; {@code filter.reviewer} = the reviewer's own subject for "mine"
     * @param after {@link CaseSummary#position} of the last case of the part before; empty = from the beginning
     * @param limit most cases to return
     */
    public CaseSlice list(Reviewer reviewer, CaseFilter filter, Optional<CasePosition> after, int limit) {
        reviewer.require(Scope.REVIEWS_READ);
        List<CaseSummary> found = new ArrayList<>();
        boolean more = false;
        for (TenantId tenant : reviewer.tenants()) {
            CaseSlice slice = as(tenant, () -> queue.list(filter, after, limit));
            found.addAll(slice.cases());
            more |= slice.more();
        }
        List<CaseSummary> first = found.stream()
                .sorted(Comparator.comparing(
                        CaseSummary::position, filter.selection().order()))
                .limit(limit)
                .toList();
        return new CaseSlice(first, more || found.size() > first.size());
    }

    /** How much waits in all tenants the reviewer is cleared for: for a badge or an overview. */
    public CaseCounts counts(Reviewer reviewer) {
        reviewer.require(Scope.REVIEWS_READ);
        return reviewer.tenants().stream()
                .map(tenant -> as(tenant, queue::counts))
                .reduce(CaseCounts.NONE, CaseCounts::plus);
    }

    /**
     * One case with everything that is needed to decide it, and what this reviewer typed before.
     *
     * @throws ReviewException.UnknownCase if there is none of this id in the reviewer's tenants
     */
    public CaseOnDesk get(Reviewer reviewer, String id) {
        reviewer.require(Scope.REVIEWS_READ);
        ReviewCase found = find(reviewer, id);
        return new CaseOnDesk(found, as(found.tenant(), () -> queue.draft(found.id(), reviewer.subject())));
    }

    /**
     * Takes a case to work on: {@link ReviewCase#lease} of the result tells token and end of the lease, which the other
     * methods need as {@code token}. The first wins. Who holds the case already gets a new token, and their old one ends;
     * so a second tab, or the same tab after a new login, goes on with the draft.
     *
     * @throws ReviewException.ClaimedByAnother names who works on it and until when
     * @throws ReviewException.FourEyes if the reviewer escalated it, or asked the question
     * @throws ReviewException.AlreadyDecided if it has ended
     * @throws ReviewException.UnknownCase if there is none of this id in the reviewer's tenants
     */
    public ReviewCase claim(Reviewer reviewer, String id) {
        ReviewCase found = toDecide(reviewer, id);
        return as(found.tenant(), () -> queue.claim(found.id(), reviewer.subject()));
    }

    /**
     * Extends the lease; call it while somebody works on the case, at least every half length of the lease.
     *
     * @param token of the claim
     * @throws ReviewException.LeaseLost if the lease has ended
     * @throws ReviewException.AlreadyDecided if the case has
     */
    public ReviewCase renew(Reviewer reviewer, String id, long token) {
        ReviewCase found = toDecide(reviewer, id);
        return as(found.tenant(), () -> queue.renew(found.id(), new CaseHold(reviewer.subject(), token)));
    }

    /**
     * Gives a case back, so that colleagues need not wait for the lease to end.
     *
     * @param token of the claim
     * @throws ReviewException.LeaseLost if the lease has ended already
     */
    public ReviewCase release(Reviewer reviewer, String id, long token) {
        ReviewCase found = toDecide(reviewer, id);
        return as(found.tenant(), () -> queue.release(found.id(), new CaseHold(reviewer.subject(), token)));
    }

    /**
     * Keeps what the reviewer typed so far, for this reviewer and case. It is kept whatever becomes of the lease: the
     * exceptions only tell that the lease has ended, and {@link #get} returns the draft all the same.
     *
     * @param token of the claim
     * @throws ReviewException.LeaseLost if the lease has ended; the draft is kept
     * @throws ReviewException.AlreadyDecided if the case has; the draft is kept
     */
    public Draft saveDraft(Reviewer reviewer, String id, long token, DraftText text) {
        ReviewCase found = toDecide(reviewer, id);
        return as(found.tenant(), () -> queue.saveDraft(found.id(), new CaseHold(reviewer.subject(), token), text));
    }

    /**
     * Decides a case. Approving and editing release the answer to its caller at once, rejecting tells them that a reviewer
     * did not release it, escalating hands the case to somebody else. Sent twice under the same token, the same decision is
     * answered again.
     *
     * @param token of the claim
     * @param decision what becomes of it
     * @param note a remark for colleagues and auditors; the caller does not see it
     * @return the case after it
     * @throws ReviewException.LeaseLost if the lease has ended; texts and reason are kept as a draft
     * @throws ReviewException.AlreadyDecided if the case was decided otherwise or expired; likewise
     * @throws ReviewException.AlreadyEscalated if it stands at the second level already
     * @throws ReviewException.InvalidDecision if the decision does not fit, such as an empty reason
     * @throws ReviewException.NotInForm if a text to be released is not of the form that the caller asked for; edited texts
     *     are kept as a draft
     */
    public ReviewCase decide(Reviewer reviewer, String id, long token, Decision decision, Optional<String> note) {
        ReviewCase found = toDecide(reviewer, id);
        return as(
                found.tenant(),
                () -> queue.decide(found.id(), new CaseHold(reviewer.subject(), token), decision, note));
    }

    private ReviewCase toDecide(Reviewer reviewer, String id) {
        reviewer.require(Scope.REVIEWS_DECIDE);
        return find(reviewer, id);
    }

    private ReviewCase find(Reviewer reviewer, String id) {
        if (!CaseId.isId(id)) {
            throw new ReviewException.UnknownCase(id);
        }
        CaseId caseId = new CaseId(id);
        for (TenantId tenant : reviewer.tenants()) {
            Optional<ReviewCase> found = as(tenant, () -> queue.find(caseId));
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new ReviewException.UnknownCase(id);
    }

    private <T> T as(TenantId tenant, Supplier<T> work) {
        return currentTenant.<T, RuntimeException>callAs(tenant, work::get);
    }
}
