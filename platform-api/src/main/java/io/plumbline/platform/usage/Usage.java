package io.plumbline.platform.usage;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.outbox.Outbox;
import io.plumbline.platform.usage.event.UsageSettled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The tenant's ledger of tokens; entries are only ever added. */
@ApplicationScoped
public class Usage {
    private final EntityManager entities;
    private final Outbox outbox;
    private final QuotaConfig quota;
    private final Clock clock;

    @Inject
    Usage(EntityManager entities, Outbox outbox, QuotaConfig quota, Clock clock) {
        this.entities = entities;
        this.outbox = outbox;
        this.quota = quota;
        this.clock = clock;
    }

    /**
     * Makes room for a request before it runs.
     *
     * @param most the most tokens it may use
     * @throws QuotaExceeded if that is more than is left of the day
     */
    @Transactional
    public Reservation reserve(Caller caller, String requestId, String model, Tokens most) {
        Reservation reservation = new Reservation(requestId, model, caller.subject());
        OptionalLong limit = limit(caller.tenant().value());
        if (limit.isPresent()) {
            refuseBeyond(limit.getAsLong(), most.total());
        }
        add(reservation, EntryKind.RESERVED, most);
        return reservation;
    }

    /** Counts what a request has used and announces it. */
    @Transactional
    public void settle(Reservation reservation, Tokens used) {
        UsageEntryEntity entry = add(reservation, EntryKind.SETTLED, used);
        outbox.record(new UsageSettled(
                reservation.requestId(),
                reservation.model(),
                reservation.subject(),
                LocalDate.ofInstant(entry.recordedAt, ZoneOffset.UTC),
                used.prompt(),
                used.completion(),
                used.cached()));
    }

    /** Gives the room of a request back that used nothing. */
    @Transactional
    public void release(Reservation reservation) {
        add(reservation, EntryKind.RELEASED, Tokens.none());
    }

    /** Sums of the settled requests recorded in [from, to). */
    @Transactional
    public List<UsageSum> sums(Instant from, Instant to, UsageGroup group) {
        String query = "select %1$s, count(*), sum(e.promptTokens), sum(e.completionTokens), sum(e.cachedTokens)"
                        .formatted(group.expression())
                + " from UsageEntryEntity e where e.kind = :kind and e.recordedAt >= :from and e.recordedAt < :to"
                + " group by %1$s order by %1$s".formatted(group.expression());
        return entities.createQuery(query, Object[].class)
                .setParameter("kind", EntryKind.SETTLED)
                .setParameter("from", from)
                .setParameter("to", to)
                .getResultStream()
                .map(row -> new UsageSum(row[0].toString(), (Long) row[1], tokens(row, 2)))
                .toList();
    }

    /** The daily totals from the roll-up, first day first; they follow the ledger within seconds. */
    @Transactional
    public List<UsageDay> days(LocalDate from, LocalDate to) {
        return entities.createQuery(
                        "select d.id.day, d.id.model, d.requests, d.promptTokens, d.completionTokens, d.cachedTokens"
                                + " from UsageDayEntity d where d.id.day >= :from and d.id.day < :to"
                                + " order by d.id.day, d.id.model",
                        Object[].class)
                .setParameter("from", from)
                .setParameter("to", to)
                .getResultStream()
                .map(row -> new UsageDay((LocalDate) row[0], (String) row[1], (Long) row[2], tokens(row, 3)))
                .toList();
    }

    private static Tokens tokens(Object[] row, int first) {
        return new Tokens((Long) row[first], (Long) row[first + 1], (Long) row[first + 2]);
    }

    private UsageEntryEntity add(Reservation reservation, EntryKind kind, Tokens tokens) {
        UsageEntryEntity entry = new UsageEntryEntity();
        entry.requestId = reservation.requestId();
        entry.kind = kind;
        entry.model = reservation.model();
        entry.subject = reservation.subject();
        entry.promptTokens = tokens.prompt();
        entry.completionTokens = tokens.completion();
        entry.cachedTokens = tokens.cached();
        entry.recordedAt = clock.instant();
        entities.persist(entry);
        return entry;
    }

    private OptionalLong limit(String tenant) {
        Long own = quota.tenantTokensPerDay().get(tenant);
        return own == null ? quota.tokensPerDay() : OptionalLong.of(own);
    }

    /** The tenant's tokens of today; empty if they are not limited. */
    @Transactional
    public Optional<DailyQuota> quota(TenantId tenant) {
        OptionalLong limit = limit(tenant.value());
        return limit.isPresent() ? Optional.of(new DailyQuota(limit.getAsLong(), usedToday())) : Optional.empty();
    }

    private void refuseBeyond(long limit, long asked) {
        long used = usedToday();
        if (used + asked > limit) {
            Instant midnight = midnight().plus(1, ChronoUnit.DAYS);
            Duration left = Duration.between(clock.instant(), midnight);
            throw new QuotaExceeded(limit, used, asked, Math.toIntExact(left.toSeconds()));
        }
    }

    private Instant midnight() {
        return clock.instant().truncatedTo(ChronoUnit.DAYS);
    }

    /** Settled, or reserved by a request that still runs. */
    private long usedToday() {
        return entities.createQuery(
                        "select coalesce(sum(e.promptTokens + e.completionTokens), 0) from UsageEntryEntity e"
                                + " where e.recordedAt >= :midnight and (e.kind = :settled or (e.kind = :reserved"
                                + " and not exists (select 1 from UsageEntryEntity o where o.requestId = e.requestId"
                                + " and o.kind <> :reserved)))",
                        Number.class)
                .setParameter("midnight", midnight())
                .setParameter("settled", EntryKind.SETTLED)
                .setParameter("reserved", EntryKind.RESERVED)
                .getSingleResult()
                .longValue();
    }
}
