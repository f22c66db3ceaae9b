package io.plumbline.platform.screening;

import io.plumbline.compliance.screen.Audience;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One row a tenant; the tenant is its id, and row-level security keeps others away. */
@Entity
@Table(name = "screening_policy")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ScreeningPolicyEntity {
    @Id
    String tenant;

    @Column(columnDefinition = "text[]")
    String[] packs;

    @Enumerated(EnumType.STRING)
    Audience audience;

    @Column(name = "updated_by")
    String updatedBy;

    @Column(name = "updated_at")
    Instant updatedAt;
}
