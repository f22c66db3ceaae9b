package io.plumbline.compliance.review;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.TenantId;
import org.jspecify.annotations.Nullable;

/** Inserted once; every later change is a guarded update in SQL ({@link CaseUpdates}), after which the row is read again. */
@Entity
@Table(name = "review_case")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class ReviewCaseEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    CaseState state;

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    ReviewLevel level;

    @Column(updatable = false)
    int severity;

    @Column(name = "answer_id", updatable = false)
    String answerId;

    @Column(updatable = false)
    String model;

    @Column(updatable = false)
    @Nullable
    String deployment;

    @Column(name = "asked_by", updatable = false)
    String askedBy;

    @Enumerated(EnumType.STRING)
    @Column(updatable = false)
    CallerLanguage language;

    @Column(name = "rule_set", updatable = false)
    String ruleSet;

    @Column(updatable = false, columnDefinition = "text")
    String conversation;

    @Column(updatable = false, columnDefinition = "text")
    String choices;

    @Column(updatable = false, columnDefinition = "text")
    String findings;

    /** Null = any text. */
    @Column(updatable = false, columnDefinition = "text")
    @Nullable
    String form;

    @Column(name = "opened_at", updatable = false)
    Instant openedAt;

    @Column(updatable = false)
    Instant deadline;

    @Column(insertable = false, updatable = false, columnDefinition = "text")
    @Nullable
    String released;

    @Column(name = "lease_holder", insertable = false, updatable = false)
    @Nullable
    String leaseHolder;

    @Column(name = "lease_token", insertable = false, updatable = false)
    long leaseToken;

    @Column(name = "lease_until", insertable = false, updatable = false)
    @Nullable
    Instant leaseUntil;

    @Column(name = "escalated_by", insertable = false, updatable = false)
    @Nullable
    String escalatedBy;

    @Column(name = "escalated_at", insertable = false, updatable = false)
    @Nullable
    Instant escalatedAt;

    @Column(name = "escalation_reason", insertable = false, updatable = false)
    @Nullable
    String escalationReason;

    @Column(name = "decided_by", insertable = false, updatable = false)
    @Nullable
    String decidedBy;

    @Column(name = "decided_at", insertable = false, updatable = false)
    @Nullable
    Instant decidedAt;

    @Column(name = "decision_reason", insertable = false, updatable = false)
    @Nullable
    String decisionReason;

    @Column(name = "decision_note", insertable = false, updatable = false)
    @Nullable
    String decisionNote;
}
