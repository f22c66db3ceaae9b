package io.plumbline.finetune.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "fine_tuning_checkpoint")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class JobCheckpointEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    String job;

    int step;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "train_loss")
    @Nullable
    Double trainLoss;

    @Column(name = "valid_loss")
    @Nullable
    Double validLoss;
}
