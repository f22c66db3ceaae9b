package io.plumbline.platform.gateway;

import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;

/** Answers that the caller asked to keep. */
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
        StoredAnswerEntity row = new StoredAnswerEntity();
        row.id = id;
        row.model = model;
        row.body = body;
        row.createdBy = caller.subject();
        row.createdAt = clock.instant();
        entities.persist(row);
    }

    /** @throws NotFound if the tenant has no such answer, or it was not kept */
    @Transactional
    public String body(String id) {
        return find(id).body;
    }

    /** @throws NotFound if the tenant has no such answer */
    @Transactional
    public void delete(String id) {
        entities.remove(find(id));
    }

    private StoredAnswerEntity find(String id) {
        StoredAnswerEntity row = entities.find(StoredAnswerEntity.class, id);
        if (row == null) {
            throw new NotFound("stored chat completion", id);
        }
        return row;
    }
}
