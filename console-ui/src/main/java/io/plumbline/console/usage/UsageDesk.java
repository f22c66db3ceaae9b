package io.plumbline.console.usage;

import static java.util.function.Function.identity;

import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.identity.ApiKeys;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.Usage;
import io.plumbline.platform.usage.UsageGroup;
import io.plumbline.platform.usage.UsageSum;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the organisation that the person works for has used. */
@Desk
@ApplicationScoped
class UsageDesk {
    private static final String KEY = "api-key:";
    private static final Comparator<UsageSum> MOST_FIRST = Comparator.comparingLong(
                    (UsageSum sum) -> sum.tokens().total())
            .reversed()
            .thenComparing(UsageSum::group);

    private final ConsoleSession session;
    private final Usage usage;
    private final ApiKeys keys;
    private final Clock clock;

    @Inject
    UsageDesk(ConsoleSession session, Usage usage, ApiKeys keys, Clock clock) {
        this.session = session;
        this.usage = usage;
        this.keys = keys;
        this.clock = clock;
    }

    @RequiresScope(Scope.USAGE_READ)
    public UsageReport report(Period period) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate from = period.from(today);
        LocalDate to = period.to(today);
        return new UsageReport(
                from,
                to,
                everyDay(from, to, sums(from, to, UsageGroup.DAY)),
                sums(from, to, UsageGroup.MODEL).stream().sorted(MOST_FIRST).toList(),
                named(sums(from, to, UsageGroup.SUBJECT)),
                usage.quota(session.tenant()));
    }

    private List<UsageSum> sums(LocalDate from, LocalDate to, UsageGroup group) {
        return usage.sums(begin(from), begin(to), group);
    }

    private static Instant begin(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    private static List<UsageSum> everyDay(LocalDate from, LocalDate to, List<UsageSum> used) {
        Map<String, UsageSum> byDay = used.stream().collect(Collectors.toMap(UsageSum::group, identity()));
        return from.datesUntil(to)
                .map(LocalDate::toString)
                .map(day -> byDay.getOrDefault(day, new UsageSum(day, 0, Tokens.none())))
                .toList();
    }

    /** Keys are named for those who may see them; revoked ones keep their id. */
    private List<UsageSum> named(List<UsageSum> callers) {
        Map<String, String> names = session.may(Scope.KEYS_WRITE)
                ? keys.list().stream().collect(Collectors.toMap(key -> KEY + key.id(), key -> "%s (%s-…)"
                        .formatted(key.name(), key.prefix())))
                : Map.of();
        return callers.stream()
                .map(sum -> new UsageSum(names.getOrDefault(sum.group(), sum.group()), sum.requests(), sum.tokens()))
                .sorted(MOST_FIRST)
                .toList();
    }
}
