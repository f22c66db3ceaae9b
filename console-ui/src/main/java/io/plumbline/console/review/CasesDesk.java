package io.plumbline.console.review;

import io.plumbline.compliance.review.CaseCounts;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CaseSlice;
import io.plumbline.compliance.review.Decision;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.identity.AcrossTenants;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.review.CaseOnDesk;
import io.plumbline.platform.review.ReviewDesk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** The cases of all tenants that the signed-in person is cleared for. Failures are {@link ReviewException}s. */
@Desk
@ApplicationScoped
public class CasesDesk {
    private final ConsoleSession session;
    private final ReviewDesk reviews;

    @Inject
    CasesDesk(ConsoleSession session, ReviewDesk reviews) {
        this.session = session;
        this.reviews = reviews;
    }

    /** The first cases of a list, in the order in which they should be worked on. */
    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_READ)
    public CaseSlice list(CaseFilter filter, int limit) {
        return reviews.list(session.person(), filter, Optional.empty(), limit);
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_READ)
    public CaseCounts counts() {
        return reviews.counts(session.person());
    }

    /** @throws ReviewException.UnknownCase if the person's tenants have none of this id */
    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_READ)
    public CaseOnDesk get(String id) {
        return reviews.get(session.person(), id);
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_DECIDE)
    public ReviewCase claim(String id) {
        return reviews.claim(session.person(), id);
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_DECIDE)
    public ReviewCase renew(String id, long token) {
        return reviews.renew(session.person(), id, token);
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_DECIDE)
    public ReviewCase release(String id, long token) {
        return reviews.release(session.person(), id, token);
    }

    /** Keeps what was typed; the exceptions only tell that the lease has ended. */
    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_DECIDE)
    public void saveDraft(String id, long token, DraftText text) {
        reviews.saveDraft(session.person(), id, token, text);
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_DECIDE)
    public ReviewCase decide(String id, long token, Decision decision, Optional<String> note) {
        return reviews.decide(session.person(), id, token, decision, note);
    }
}
