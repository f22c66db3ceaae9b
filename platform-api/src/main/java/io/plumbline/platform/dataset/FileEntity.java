package io.plumbline.platform.dataset;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.TenantId;

@Entity
@Immutable
@Table(name = "file")
@SuppressWarnings("NullAway.Init") // Hibernate fills the fields
class FileEntity {
    @Id
    String id;

    @TenantId
    String tenant;

    String filename;

    String purpose;

    String sha256;

    long bytes;

    @Column(name = "line_count")
    int lineCount;

    @Column(name = "created_by")
    String createdBy;

    @Column(name = "created_at")
    Instant createdAt;
}
