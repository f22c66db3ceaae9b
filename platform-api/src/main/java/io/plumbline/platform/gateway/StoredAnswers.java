package io.plumbline.platform.gateway;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CaseOrigin;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Answers that the caller asked to keep, and those that were held. */
@ApplicationScoped
public class StoredAnswers {
    private final EntityManager entities;
    private final Clock clock;

    @Inject
    StoredAnswers(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /** @param body the answer as it is sent, as JSON */
    @Transactional
    public void add(Caller caller, String id, String model, String body) {
        entities.persist(row(caller, id, model, body));
    }

    /** Keeps the pending form of a held answer, within the transaction that opens its case. */
    void addPending(Caller caller, CaseOrigin origin, String body, CaseId caseId) {
        StoredAnswerEntity row = row(caller, origin.answerId(), origin.model(), body);
        row.caseId = caseId.value();
        row.pending = true;
        entities.persist(row);
    }

    private StoredAnswerEntity row(Caller caller, String id, String model, String body) {
        StoredAnswerEntity row = new StoredAnswerEntity();
        row.id = id;
        row.model = model;
        row.body = body;
        row.createdBy = caller.subject();
        row.createdAt = clock.instant();
        return row;
    }

    /** Gives a held answer its final form, within the transaction that ends its case. */
    void conclude(String id, UnaryOperator<String> finalForm) {
        StoredAnswerEntity row = entities.find(StoredAnswerEntity.class, id, LockModeType.PESSIMISTIC_WRITE);
        if (row != null) { // erased with its tenant's data: nobody can read it any more, and the case ends all the same
            row.body = finalForm.apply(row.body);
            row.pending = false;
        }
    }

    /** @throws NotFound if the tenant has no such answer, or it was not kept */
    @Transactional
    public StoredAnswer get(String id) {
        StoredAnswerEntity row = find(id);
        return new StoredAnswer(row.body, Optional.ofNullable(row.caseId).map(CaseId::new), row.pending);
    }

    /**
     * @throws NotFound if the tenant has no such answer
     * @throws AnswerUnderReview if a reviewer has still to decide on it
     */
    @Transactional
    public void delete(String id) {
        StoredAnswerEntity row = find(id);
        if (row.pending) {
            throw new AnswerUnderReview(id);
        }
        entities.remove(row);
    }

    private StoredAnswerEntity find(String id) {
        StoredAnswerEntity row = entities.find(StoredAnswerEntity.class, id);
        if (row == null) {
            throw new NotFound("stored chat completion", id);
        }
        return row;
    }
}
