package io.plumbline.compliance.review;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import org.hibernate.annotations.TenantId;

@Entity
@Table(name = "review_draft")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ReviewDraftEntity {
    @EmbeddedId
    Key key;

    @TenantId
    String tenant;

    @Column(columnDefinition = "text")
    String texts;

    @Column(columnDefinition = "text")
    String note;

    @Column(name = "saved_at")
    Instant savedAt;

    /** A draft belongs to a case and its author. */
    @Embeddable
    record Key(@Column(name = "case_id") String caseId, String author) implements Serializable {}
}
