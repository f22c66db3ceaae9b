package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.audit.MerkleHash;
import java.time.Instant;

/**
 * A row of the log as it lies in the database, whatever was done to it.
 *
 * @param bytes the canonical entry, which was hashed
 * @param columns what is repeated beside it for searching
 */
record StoredEntry(long index, byte[] bytes, MerkleHash leafHash, Columns columns) {
    /** Copies of members of the entry. */
    record Columns(Instant occurredAt, String type, String actor, String target) {
        static Columns of(AuditEntry entry) {
            AuditableAct act = entry.act();
            return new Columns(entry.time(), act.type(), act.actor(), act.target());
        }
    }

    static StoredEntry of(AuditEntry entry) {
        byte[] bytes = entry.bytes();
        return new StoredEntry(entry.index(), bytes, MerkleHash.leaf(bytes), Columns.of(entry));
    }
}
