package io.plumbline.console.overview;

import io.plumbline.compliance.rule.Action;
import io.plumbline.console.overview.Overview.Today;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.Verdicts;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import io.plumbline.platform.usage.UsageGroup;
import io.plumbline.platform.usage.UsageSum;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** The organisation's day, which begins at midnight UTC, as the ledger's does. */
@Desk
@ApplicationScoped
class TodayDesk {
    private final Usage usage;
    private final Verdicts verdicts;
    private final Clock clock;

    @Inject
    TodayDesk(Usage usage, Verdicts verdicts, Clock clock) {
        this.usage = usage;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    @RequiresScope(Scope.USAGE_READ)
    public Today today() {
        List<UsageSum> sums = usage.sums(midnight(), midnight().plus(1, ChronoUnit.DAYS), UsageGroup.MODEL);
        return new Today(
                sums.stream().mapToLong(UsageSum::requests).sum(),
                sums.stream().map(UsageSum::tokens).mapToLong(Tokens::total).sum());
    }

    @RequiresScope(Scope.VERDICTS_READ)
    public Map<Action, Long> verdicts() {
        return verdicts.countsSince(midnight());
    }

    private Instant midnight() {
        return clock.instant().truncatedTo(ChronoUnit.DAYS);
    }
}
