package io.plumbline.platform.gateway;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.TenantId;

@Entity
@Immutable
@Table(name = "stored_answer")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class StoredAnswerEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    String model;

    @Column(columnDefinition = "text")
    String body;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_at")
    Instant createdAt;
}
