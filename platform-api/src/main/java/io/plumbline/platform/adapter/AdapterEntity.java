package io.plumbline.platform.adapter;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "adapter")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class AdapterEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    String model;

    String sha256;

    long bytes;

    @Column(name = "base_model")
    String baseModel;

    @Column(name = "base_model_sha256")
    String baseModelSha256;

    String job;

    @Column(name = "training_file")
    String trainingFile;

    @Column(name = "training_file_sha256")
    String trainingFileSha256;

    int steps;

    @Column(name = "trained_tokens")
    long trainedTokens;

    @Column(name = "train_loss")
    @Nullable
    Double trainLoss;

    @Column(name = "first_valid_loss")
    @Nullable
    Double firstValidLoss;

    @Column(name = "valid_loss")
    @Nullable
    Double validLoss;

    @Column(name = "chat_template")
    @Nullable
    String chatTemplate;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "deleted_at")
    @Nullable
    Instant deletedAt;
}
