package io.plumbline.compliance.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Duration;
import java.util.Optional;

/**
 * The only statements that change a case. Each carries its own guard, so that of several that race one changes the row and
 * the others change nothing; lease and deadline are read with the clock of the database.
 */
@ApplicationScoped
class CaseUpdates {
    private static final String HELD = """
             where id = :id and state = 'PENDING' and deadline > now()
               and lease_token = :token and lease_holder = :reviewer and lease_until > now()
            """;

    private final EntityManager entities;

    @Inject
    CaseUpdates(EntityManager entities) {
        this.entities = entities;
    }

    /** Takes a case that is free, or that the same reviewer holds already; the token grows in any case. */
    boolean claim(CaseId id, String reviewer, Duration lease) {
        return 1
                == entities.createNativeQuery("""
                                update review_case
                                set lease_holder = :reviewer, lease_token = lease_token + 1,
                                    lease_until = least(now() + make_interval(secs => :lease), deadline)
                                where id = :id and state = 'PENDING' and deadline > now()
                                  and (lease_until is null or lease_until <= now() or lease_holder = :reviewer)
                                  and escalated_by is distinct from :reviewer and asked_by <> :reviewer
                                """)
                        .setParameter("id", id.value())
                        .setParameter("reviewer", reviewer)
                        .setParameter("lease", seconds(lease))
                        .executeUpdate();
    }

    boolean renew(CaseId id, CaseHold hold, Duration lease) {
        return 1
                == held(
                                "update review_case set lease_until = least(now() + make_interval(secs => :lease), deadline)",
                                id,
                                hold)
                        .setParameter("lease", seconds(lease))
                        .executeUpdate();
    }

    boolean release(CaseId id, CaseHold hold) {
        return 1
                == held("update review_case set lease_holder = null, lease_until = null", id, hold)
                        .executeUpdate();
    }

    /** Moves a case to the second level and takes the lease away, so that the token is spent. */
    boolean escalate(CaseId id, CaseHold hold, String reason) {
        return 1
                == held("""
                                update review_case
                                set level = 'SECOND', escalated_by = :reviewer, escalated_at = now(),
                                    escalation_reason = :reason, lease_holder = null, lease_until = null
                                """, id, hold, " and level = 'FIRST'")
                        .setParameter("reason", reason)
                        .executeUpdate();
    }

    /** How a case ends; reason, note and released texts may be null in the row. */
    record Ending(CaseState state, Optional<String> reason, Optional<String> note, Optional<String> released) {}

    boolean decide(CaseId id, CaseHold hold, Ending ending) {
        return 1
                == held("""
                                update review_case
                                set state = :state, decided_by = :reviewer, decided_at = now(),
                                    decision_reason = nullif(:reason, ''), decision_note = nullif(:note, ''),
                                    released = nullif(:released, ''), lease_until = null
                                """, id, hold)
                        .setParameter("state", ending.state().name())
                        .setParameter("reason", ending.reason().orElse(""))
                        .setParameter("note", ending.note().orElse(""))
                        .setParameter("released", ending.released().orElse(""))
                        .executeUpdate();
    }

    /** Fail closed: whoever holds it, past its deadline a case is over. */
    boolean expire(CaseId id) {
        return 1
                == entities.createNativeQuery("""
                                update review_case
                                set state = 'EXPIRED', decided_by = 'system', decided_at = now(), lease_until = null
                                where id = :id and state = 'PENDING' and deadline <= now()
                                """)
                        .setParameter("id", id.value())
                        .executeUpdate();
    }

    private Query held(String update, CaseId id, CaseHold hold) {
        return held(update, id, hold, "");
    }

    private Query held(String update, CaseId id, CaseHold hold, String more) {
        return entities.createNativeQuery(update + HELD + more)
                .setParameter("id", id.value())
                .setParameter("token", hold.token())
                .setParameter("reviewer", hold.reviewer());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
