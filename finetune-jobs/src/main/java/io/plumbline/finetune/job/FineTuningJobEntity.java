package io.plumbline.finetune.job;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "fine_tuning_job")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class FineTuningJobEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    @Version
    int version;

    @Enumerated(EnumType.STRING)
    JobState state;

    @Enumerated(EnumType.STRING)
    JobPriority priority;

    @Column(name = "base_model")
    String baseModel;

    @Column(name = "base_model_sha256")
    String baseModelSha256;

    @Column(name = "training_file")
    String trainingFile;

    @Column(name = "training_file_sha256")
    String trainingFileSha256;

    @Column(name = "validation_file")
    @Nullable
    String validationFile;

    String suffix;

    long seed;

    String metadata;

    @Column(name = "requested_epochs")
    @Nullable
    Integer requestedEpochs;

    @Column(name = "requested_batch_size")
    @Nullable
    Integer requestedBatchSize;

    @Column(name = "requested_multiplier")
    @Nullable
    Double requestedMultiplier;

    @Nullable
    Integer epochs;

    @Column(name = "batch_size")
    @Nullable
    Integer batchSize;

    @Nullable
    Double multiplier;

    @Column(name = "lora_rank")
    int loraRank;

    @Column(name = "lora_alpha")
    double loraAlpha;

    @Column(name = "target_modules", columnDefinition = "text[]")
    String[] targetModules;

    @Column(name = "max_tokens")
    int maxTokens;

    @Column(name = "base_learning_rate")
    double baseLearningRate;

    @Column(name = "chat_template")
    @Nullable
    String chatTemplate;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_at")
    Instant createdAt;

    @Column(name = "started_at")
    @Nullable
    Instant startedAt;

    @Column(name = "finished_at")
    @Nullable
    Instant finishedAt;

    @Column(name = "fine_tuned_model")
    @Nullable
    String fineTunedModel;

    @Column(name = "result_file")
    @Nullable
    String resultFile;

    @Column(name = "trained_tokens")
    @Nullable
    Long trainedTokens;

    @Column(name = "error_code")
    @Nullable
    String errorCode;

    @Column(name = "error_message")
    @Nullable
    String errorMessage;

    @Column(name = "error_param")
    @Nullable
    String errorParam;

    @Column(name = "steps_done")
    int stepsDone;

    @Column(name = "total_steps")
    int totalSteps;

    @Column(name = "train_loss")
    @Nullable
    Double trainLoss;

    @Column(name = "first_valid_loss")
    @Nullable
    Double firstValidLoss;

    @Column(name = "valid_loss")
    @Nullable
    Double validLoss;

    @Column(name = "last_evaluated_step")
    int lastEvaluatedStep = -1;

    int failures;

    /** Fencing token; changed by claims alone, in SQL. */
    @Column(name = "lease_token", insertable = false, updatable = false)
    long leaseToken;
}
