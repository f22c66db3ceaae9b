package io.plumbline.platform.screening;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Stage;
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
@Table(name = "verdict")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class VerdictEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Nullable
    Long seq;

    @TenantId
    String tenant;

    @Column(name = "subject_id")
    String subjectId;

    String model;

    String item;

    @Enumerated(EnumType.STRING)
    Stage stage;

    String rule;

    int severity;

    @Enumerated(EnumType.STRING)
    Action action;

    String detector;

    @Column(name = "span_start")
    int spanStart;

    @Column(name = "span_end")
    int spanEnd;

    @Column(name = "span_digest")
    String spanDigest;

    String normalisation;

    @Column(name = "rule_set")
    String ruleSet;

    @Nullable
    String abstained;

    @Column(name = "recorded_at")
    Instant recordedAt;
}
