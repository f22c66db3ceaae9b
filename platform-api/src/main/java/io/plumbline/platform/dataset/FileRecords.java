package io.plumbline.platform.dataset;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.blob.BlobStore;
import io.plumbline.platform.blob.Sha256;
import io.plumbline.platform.dataset.event.FileDeleted;
import io.plumbline.platform.dataset.event.FileUploaded;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.outbox.Outbox;
import io.plumbline.platform.screening.ScreenedItem;
import io.plumbline.platform.screening.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of files, and with them the blobs they name. A lock on the content keeps an upload and a deletion of the same
 * bytes apart, so that no row ever names a blob that is not there.
 */
@ApplicationScoped
class FileRecords {
    private final EntityManager entities;
    private final BlobStore blobs;
    private final Outbox outbox;
    private final Verdicts verdicts;
    private final Event<AuditableAct> acts;
    private final Clock clock;

    @Inject
    // Six: what becomes true with a file is written in one transaction.
    FileRecords(
            EntityManager entities,
            BlobStore blobs,
            Outbox outbox,
            Verdicts verdicts,
            Event<AuditableAct> acts,
            Clock clock) {
        this.entities = entities;
        this.blobs = blobs;
        this.outbox = outbox;
        this.verdicts = verdicts;
        this.acts = acts;
        this.clock = clock;
    }

    @Transactional
    TrainingFile add(Caller caller, String id, Upload upload, int rows, List<ScreenedItem> findings) {
        BlobStore.Stored stored = blobs.put(caller.tenant(), upload.file());
        lock(caller.tenant(), stored.address());
        // Again under the lock: a deletion may just have removed the same content.
        if (blobs.file(caller.tenant(), stored.address()).isEmpty()) {
            blobs.put(caller.tenant(), upload.file());
        }
        FileEntity row = new FileEntity();
        row.id = id;
        row.filename = upload.filename();
        row.purpose = upload.purpose().wireName();
        row.sha256 = stored.address().hex();
        row.bytes = stored.bytes();
        row.lineCount = rows;
        row.createdBy = caller.subject();
        row.createdAt = clock.instant();
        entities.persist(row);
        verdicts.add(id, "-", findings);
        outbox.record(new FileUploaded(id, row.purpose, row.sha256, row.bytes, rows, row.createdBy));
        acts.fire(new AuditableAct(
                "file.uploaded",
                caller.subject(),
                id,
                Map.of("purpose", row.purpose, "bytes", String.valueOf(row.bytes), "rows", String.valueOf(rows)),
                Map.of("content", row.sha256)));
        return toFile(row);
    }

    @Transactional
    Optional<TrainingFile> find(String id) {
        return Optional.ofNullable(entities.find(FileEntity.class, id)).map(FileRecords::toFile);
    }

    /** Files in the order of their creation, after the position of another. */
    @Transactional
    List<TrainingFile> page(Optional<TrainingFile> after, boolean newestFirst, int limit) {
        String direction = newestFirst ? "desc" : "asc";
        String beyond = newestFirst ? "<" : ">";
        String where = after.isEmpty()
                ? ""
                : " where f.createdAt %1$s :at or (f.createdAt = :at and f.id %1$s :id)".formatted(beyond);
        var query = entities.createQuery(
                        "from FileEntity f%s order by f.createdAt %2$s, f.id %2$s".formatted(where, direction),
                        FileEntity.class)
                .setMaxResults(limit);
        after.ifPresent(file -> query.setParameter("at", file.createdAt()).setParameter("id", file.id()));
        return query.getResultStream().map(FileRecords::toFile).toList();
    }

    /** Deletes the row; the content follows with {@link #removeUnusedContent}. */
    @Transactional
    Optional<TrainingFile> remove(Caller caller, String id) {
        FileEntity row = entities.find(FileEntity.class, id);
        if (row == null) {
            return Optional.empty();
        }
        entities.remove(row);
        entities.createNativeQuery("insert into blob_removal (tenant, sha256, requested_at) values (?1, ?2, ?3)"
                        + " on conflict do nothing")
                .setParameter(1, caller.tenant().value())
                .setParameter(2, row.sha256)
                .setParameter(3, Instant.now(clock))
                .executeUpdate();
        outbox.record(new FileDeleted(id, row.sha256, caller.subject()));
        acts.fire(new AuditableAct(
                "file.deleted", caller.subject(), id, Map.of("purpose", row.purpose), Map.of("content", row.sha256)));
        return Optional.of(toFile(row));
    }

    /** Removes content from disk unless a file names it (again). */
    @Transactional
    void removeUnusedContent(TenantId tenant, Sha256 content) {
        lock(tenant, content);
        long files = entities.createQuery("select count(*) from FileEntity f where f.sha256 = :sha256", Long.class)
                .setParameter("sha256", content.hex())
                .getSingleResult();
        if (files == 0) {
            blobs.delete(tenant, content);
        }
        entities.createNativeQuery("delete from blob_removal where sha256 = ?1")
                .setParameter(1, content.hex())
                .executeUpdate();
    }

    private void lock(TenantId tenant, Sha256 content) {
        entities.createNativeQuery("select 1 from (select pg_advisory_xact_lock(hashtextextended(?1, 0))) as locked")
                .setParameter(1, tenant + "/" + content.hex())
                .getSingleResult();
    }

    private static TrainingFile toFile(FileEntity row) {
        return new TrainingFile(
                row.id,
                row.filename,
                Purpose.of(row.purpose).orElseThrow(),
                new Sha256(row.sha256),
                row.bytes,
                row.lineCount,
                row.createdBy,
                row.createdAt);
    }

    /** Where the bytes of a file lie. */
    Path content(TenantId tenant, TrainingFile file) {
        return blobs.file(tenant, file.content())
                .orElseThrow(() -> new IllegalStateException("file %s has lost its content".formatted(file.id())));
    }
}
