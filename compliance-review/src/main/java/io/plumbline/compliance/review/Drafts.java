package io.plumbline.compliance.review;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.util.Optional;

/** What reviewers typed, within the caller's transaction. */
@ApplicationScoped
class Drafts {
    private final EntityManager entities;
    private final Clock clock;

    @Inject
    Drafts(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    Optional<Draft> find(CaseId id, String author) {
        return Optional.ofNullable(
                        entities.find(ReviewDraftEntity.class, new ReviewDraftEntity.Key(id.value(), author)))
                .map(CaseViews::draft);
    }

    /** Replaces what the author saved before. */
    Draft save(CaseId id, String author, DraftText text) {
        var key = new ReviewDraftEntity.Key(id.value(), author);
        ReviewDraftEntity row = entities.find(ReviewDraftEntity.class, key);
        boolean first = row == null;
        if (row == null) {
            row = new ReviewDraftEntity();
            row.key = key;
        }
        row.texts = CaseJson.write(text.texts());
        row.note = text.note();
        row.savedAt = clock.instant();
        if (first) {
            entities.persist(row);
        }
        return CaseViews.draft(row);
    }
}
