package io.plumbline.platform.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Immutable
@Table(name = "usage_entry")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class UsageEntryEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long seq;

    @TenantId
    String tenant;

    @Column(name = "request_id")
    String requestId;

    @Enumerated(EnumType.STRING)
    EntryKind kind;

    String model;

    String subject;

    @Column(name = "prompt_tokens")
    long promptTokens;

    @Column(name = "completion_tokens")
    long completionTokens;

    @Column(name = "cached_tokens")
    long cachedTokens;

    @Column(name = "recorded_at")
    Instant recordedAt;
}
