package io.plumbline.platform.usage;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.LocalDate;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.TenantId;

/** Written by {@link UsageRollUp} only. */
@Entity
@Immutable
@Table(name = "usage_day")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class UsageDayEntity {
    @EmbeddedId
    Key id;

    @TenantId
    String tenant;

    long requests;

    @Column(name = "prompt_tokens")
    long promptTokens;

    @Column(name = "completion_tokens")
    long completionTokens;

    @Column(name = "cached_tokens")
    long cachedTokens;

    /** Unique within the tenant, which Hibernate adds to every query. */
    @Embeddable
    record Key(LocalDate day, String model) {}
}
