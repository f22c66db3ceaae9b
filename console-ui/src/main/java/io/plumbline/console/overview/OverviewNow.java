package io.plumbline.console.overview;

import io.plumbline.console.session.ConsoleSession;
import io.plumbline.platform.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.function.Supplier;

/** Puts the first page together out of what the person may see; each desk checks that once more. */
@ApplicationScoped
class OverviewNow {
    private final ConsoleSession session;
    private final WorkDesk work;
    private final TodayDesk today;
    private final WaitingDesk waiting;

    @Inject
    OverviewNow(ConsoleSession session, WorkDesk work, TodayDesk today, WaitingDesk waiting) {
        this.session = session;
        this.work = work;
        this.today = today;
        this.waiting = waiting;
    }

    Overview get() {
        return new Overview(
                with(Scope.DEPLOYMENTS_READ, work::liveModels),
                with(Scope.FINE_TUNING_READ, work::newestJobs),
                with(Scope.REVIEWS_READ, waiting::cases),
                with(Scope.USAGE_READ, today::today),
                with(Scope.VERDICTS_READ, today::verdicts),
                with(Scope.FINE_TUNING_WRITE, work::done),
                waiting.parts());
    }

    private <T> Optional<T> with(Scope scope, Supplier<T> part) {
        return session.may(scope) ? Optional.of(part.get()) : Optional.empty();
    }
}
