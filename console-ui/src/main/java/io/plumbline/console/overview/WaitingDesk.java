package io.plumbline.console.overview;

import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.console.overview.Overview.Waiting;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.health.InstallationHealth;
import io.plumbline.platform.health.InstallationPart;
import io.plumbline.platform.identity.AcrossTenants;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.review.ReviewDesk;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;

/** What waits for people: held answers of every organisation they review for, parts of the installation that are away. */
@Desk
@ApplicationScoped
class WaitingDesk {
    private static final int CASES = 5;

    private final ConsoleSession session;
    private final ReviewDesk reviews;
    private final InstallationHealth health;

    @Inject
    WaitingDesk(ConsoleSession session, ReviewDesk reviews, InstallationHealth health) {
        this.session = session;
        this.reviews = reviews;
        this.health = health;
    }

    @AcrossTenants
    @RequiresScope(Scope.REVIEWS_READ)
    public Waiting cases() {
        Reviewer reviewer = session.person();
        return new Waiting(
                reviews.counts(reviewer),
                reviews.list(reviewer, CaseFilter.OPEN, Optional.empty(), CASES).cases());
    }

    @AnyCaller
    public Map<InstallationPart, Boolean> parts() {
        return health.parts();
    }
}
