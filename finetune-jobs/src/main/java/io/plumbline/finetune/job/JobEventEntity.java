package io.plumbline.finetune.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;

@Entity
@Table(name = "fine_tuning_event")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class JobEventEntity {
    @Id
    String id;

    /** Order within the database; given by it. */
    @Column(insertable = false, updatable = false)
    long seq;

    @TenantId
    String tenant;

    String job;

    @Column(name = "created_at")
    Instant createdAt;

    @Enumerated(EnumType.STRING)
    JobEvent.Level level;

    @Enumerated(EnumType.STRING)
    JobEvent.Type type;

    String message;

    String data;
}
