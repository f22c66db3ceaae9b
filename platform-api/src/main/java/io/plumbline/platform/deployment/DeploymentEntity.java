package io.plumbline.platform.deployment;

import io.plumbline.compliance.screen.Audience;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "deployment")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class DeploymentEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    String model;

    @Column(name = "base_model")
    String baseModel;

    @Nullable
    String adapter;

    @Enumerated(EnumType.STRING)
    Audience audience;

    @Column(columnDefinition = "text[]")
    String[] packs;

    @Column(name = "chat_template")
    @Nullable
    String chatTemplate;

    @Enumerated(EnumType.STRING)
    DeploymentState state;

    @Nullable
    String failure;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "live_at")
    @Nullable
    Instant liveAt;

    @Column(name = "retired_at")
    @Nullable
    Instant retiredAt;

    /** @throws IllegalStateException if the state may not follow the present one */
    void move(DeploymentState to, Instant now) {
        if (!state.next().contains(to)) {
            throw new IllegalStateException("deployment %s cannot go from %s to %s".formatted(id, state, to));
        }
        state = to;
        switch (to) {
            case LIVE -> liveAt = now;
            case RETIRED -> retiredAt = now;
            case PENDING, FAILED -> {}
        }
    }
}
