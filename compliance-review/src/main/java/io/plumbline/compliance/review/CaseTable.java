package io.plumbline.compliance.review;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the cases of the current tenant. */
@ApplicationScoped
class CaseTable implements PanacheRepositoryBase<ReviewCaseEntity, String> {
    private final EntityManager entities;

    @Inject
    CaseTable(EntityManager entities) {
        this.entities = entities;
    }

    /** As the database has it now, whatever was read before. */
    Optional<ReviewCaseEntity> fresh(CaseId id) {
        ReviewCaseEntity row = findById(id.value());
        if (row != null) {
            entities.refresh(row);
        }
        return Optional.ofNullable(row);
    }

    /** The time that leases are measured with. */
    Instant now() {
        return (Instant)
                entities.createNativeQuery("select now()", Instant.class).getSingleResult();
    }

    List<ReviewCaseEntity> list(CaseFilter filter, Optional<CasePosition> after, int limit) {
        boolean open = filter.selection().open();
        List<String> conditions = new ArrayList<>(List.of(selected(filter.selection())));
        filter.level().ifPresent(level -> conditions.add("c.level = :level"));
        filter.reviewer()
                .ifPresent(reviewer -> conditions.add(
                        open ? "c.leaseHolder = :reviewer and c.leaseUntil > instant" : "c.decidedBy = :reviewer"));
        after.ifPresent(position -> conditions.add(
                open
                        ? "(c.deadline > :at or c.deadline = :at and c.id > :id)"
                        : "(c.decidedAt < :at or c.decidedAt = :at and c.id < :id)"));
        String order = open ? "c.deadline, c.id" : "c.decidedAt desc, c.id desc";
        TypedQuery<ReviewCaseEntity> query = entities.createQuery(
                        "from ReviewCaseEntity c where " + String.join(" and ", conditions) + " order by " + order,
                        ReviewCaseEntity.class)
                .setMaxResults(limit);
        filter.level().ifPresent(level -> query.setParameter("level", level));
        filter.reviewer().ifPresent(reviewer -> query.setParameter("reviewer", reviewer));
        after.ifPresent(position -> query.setParameter("at", position.at())
                .setParameter("id", position.id().value()));
        return query.getResultList();
    }

    private static String selected(CaseSelection selection) {
        return switch (selection) {
            case OPEN -> "c.state = PENDING";
            case PENDING -> "c.state = PENDING and (c.leaseUntil is null or c.leaseUntil <= instant)";
            case CLAIMED -> "c.state = PENDING and c.leaseUntil > instant";
            case DECIDED -> "c.state <> PENDING";
            case APPROVED -> "c.state = APPROVED";
            case EDITED -> "c.state = EDITED";
            case REJECTED -> "c.state = REJECTED";
            case EXPIRED -> "c.state = EXPIRED";
        };
    }

    CaseCounts counts() {
        Object[] row = (Object[]) entities.createNativeQuery("""
                        select count(*) filter (where lease_until is null or lease_until <= now()),
                               count(*) filter (where lease_until > now()),
                               count(*) filter (where level = 'SECOND')
                        from review_case where state = 'PENDING' and tenant = current_setting('plumbline.tenant', true)
                        """).getSingleResult();
        return new CaseCounts(number(row[0]), number(row[1]), number(row[2]));
    }

    private static long number(Object count) {
        return ((Number) count).longValue();
    }
}
