package io.plumbline.platform.screening;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.screen.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tenant's verdicts; they are only ever added. */
@ApplicationScoped
public class Verdicts {
    private final EntityManager entities;
    private final Clock clock;

    @Inject
    Verdicts(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /**
     * Keeps what was found.
     *
     * @param subjectId the answer or file that was screened
     * @param model what answered, or {@code -}
     */
    @Transactional
    public void add(String subjectId, String model, List<ScreenedItem> findings) {
        Instant now = clock.instant();
        for (ScreenedItem finding : findings) {
            Verdict verdict = finding.verdict();
            VerdictEntity row = new VerdictEntity();
            row.subjectId = subjectId;
            row.model = model;
            row.item = finding.item();
            row.stage = verdict.stage();
            row.rule = verdict.rule();
            row.severity = verdict.severity();
            row.action = verdict.action();
            row.detector = verdict.detector();
            row.spanStart = verdict.start();
            row.spanEnd = verdict.end();
            row.spanDigest = verdict.spanSha256();
            row.normalisation = verdict.normalisationPath();
            row.ruleSet = verdict.ruleSet();
            row.abstained = verdict.abstained().orElse(null);
            row.recordedAt = now;
            entities.persist(row);
        }
    }

    /**
     * The newest verdicts first.
     *
     * @param before only those with a smaller {@link StoredVerdict#seq}
     * @param subjectId only those about this answer or file
     */
    @Transactional
    public List<StoredVerdict> newest(int limit, long before, Optional<String> subjectId) {
        String about = subjectId.isPresent() ? " and v.subjectId = :subject" : "";
        var query = entities.createQuery(
                        "from VerdictEntity v where v.seq < :before" + about + " order by v.seq desc",
                        VerdictEntity.class)
                .setParameter("before", before)
                .setMaxResults(limit);
        subjectId.ifPresent(id -> query.setParameter("subject", id));
        return query.getResultStream().map(Verdicts::stored).toList();
    }

    /** How many verdicts asked for what since a moment; actions without any are left out. */
    @Transactional
    public Map<Action, Long> countsSince(Instant begin) {
        Map<Action, Long> counts = new EnumMap<>(Action.class);
        entities.createQuery(
                        "select v.action, count(*) from VerdictEntity v where v.recordedAt >= :begin group by v.action",
                        Object[].class)
                .setParameter("begin", begin)
                .getResultStream()
                .forEach(row -> counts.put((Action) row[0], (Long) row[1]));
        return counts;
    }

    private static StoredVerdict stored(VerdictEntity row) {
        return new StoredVerdict(
                row.seq == null ? 0 : row.seq,
                row.subjectId,
                row.model,
                row.item,
                row.stage,
                row.rule,
                row.severity,
                row.action,
                row.detector,
                row.spanStart,
                row.spanEnd,
                row.ruleSet,
                Optional.ofNullable(row.abstained),
                row.recordedAt);
    }
}
