package io.plumbline.platform.outbox;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "outbox")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class OutboxEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long seq;

    @Column(name = "event_id")
    UUID eventId;

    @TenantId
    String tenant;

    String topic;

    @Column(name = "event_key")
    String eventKey;

    String type;

    int version;

    @Column(columnDefinition = "text")
    String payload;

    @Column(name = "created_at")
    Instant createdAt;
}
