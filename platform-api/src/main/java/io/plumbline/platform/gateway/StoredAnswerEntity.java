package io.plumbline.platform.gateway;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

/** Written once, but for {@code body} and {@code pending} of a held answer, which its decision changes. */
@Entity
@Table(name = "stored_answer")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class StoredAnswerEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    @Column(updatable = false)
    String model;

    @Column(columnDefinition = "text")
    String body;

    @Column(name = "created_by", updatable = false)
    String createdBy;

    @Column(name = "created_at", updatable = false)
    Instant createdAt;

    @Column(name = "case_id", updatable = false)
    @Nullable
    String caseId;

    boolean pending;
}
