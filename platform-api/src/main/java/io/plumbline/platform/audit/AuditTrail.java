package io.plumbline.platform.audit;

import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.ExportHeader;
import io.plumbline.compliance.audit.MerkleTree;
import io.plumbline.compliance.audit.NodeId;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.compliance.audit.VerificationKey;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** The current tenant's audit log: search it, prove from it, check it, take it along. It is only read here. */
@ApplicationScoped
public class AuditTrail {
    private final AgroalDataSource app;
    private final CurrentTenant currentTenant;
    private final AuditKeys keys;
    private final Event<AuditableAct> acts;
    private final Clock clock;

    @Inject
    AuditTrail(
            AgroalDataSource app, CurrentTenant currentTenant, AuditKeys keys, Event<AuditableAct> acts, Clock clock) {
        this.app = app;
        this.currentTenant = currentTenant;
        this.keys = keys;
        this.acts = acts;
        this.clock = clock;
    }

    /** Something read over one connection of the current tenant. */
    @FunctionalInterface
    private interface Read<T> {
        T from(Connection connection, TenantId tenant) throws SQLException;
    }

    private <T> T read(Read<T> read) {
        TenantId tenant = currentTenant
                .get()
                .orElseThrow(() -> new IllegalStateException("a log belongs to a tenant, and none is current"));
        try (Connection connection = app.getConnection()) {
            return read.from(connection, tenant);
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        } catch (MerkleTree.MissingNode e) {
            throw new AuditLogDamaged(String.valueOf(e.getMessage()));
        }
    }

    /** Entries, newest first. */
    public AuditPage search(AuditQuery query) {
        List<StoredEntry> found = read((connection, tenant) -> new StoredEntries(connection, tenant).search(query));
        boolean more = found.size() > query.limit();
        return new AuditPage(
                found.subList(0, more ? query.limit() : found.size()).stream()
                        .map(AuditTrail::parse)
                        .toList(),
                more);
    }

    /** @throws NotFound if the log has no such entry (yet) */
    public AuditEntry entry(long index) {
        return parse(read((connection, tenant) -> new StoredEntries(connection, tenant).find(index))
                .orElseThrow(() -> new NotFound("audit entry", String.valueOf(index))));
    }

    private static AuditEntry parse(StoredEntry stored) {
        try {
            return AuditEntry.parse(stored.bytes());
        } catch (IllegalArgumentException e) {
            throw new AuditLogDamaged("entry %d is no entry any more".formatted(stored.index()));
        }
    }

    /**
     * Proves that an entry is in the log.
     *
     * @param treeSize of the tree head to prove against; empty = the latest
     * @throws NotFound if the log has no such entry
     * @throws TreeHeadNotFound if no tree head of that size was signed
     * @throws InvalidRequest if the entry came after that tree head
     */
    public EntryProof proof(long index, OptionalLong treeSize) {
        AuditEntry entry = entry(index);
        SignedTreeHead head = treeSize.isPresent() ? headOfSize("tree_size", treeSize.getAsLong()) : latestHead();
        long size = head.head().size();
        if (index >= size) {
            throw new InvalidRequest(
                    "tree_size", "Entry %d came after the tree head of %d entries.".formatted(index, size));
        }
        EntryProof proof = new EntryProof(
                entry,
                read((connection, tenant) ->
                        new MerkleTree(new StoredNodes(connection, tenant.value())).inclusion(index, size)),
                head,
                key(head.keyId()));
        if (!proof.problems().isEmpty()) {
            throw new AuditLogDamaged("entry %d cannot be proved".formatted(index));
        }
        return proof;
    }

    private VerificationKey key(String id) {
        return keys().stream()
                .map(PublishedKey::key)
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AuditLogDamaged("the public key %s is missing".formatted(id)));
    }

    /** @throws AuditLogEmpty if nothing was logged yet */
    public SignedTreeHead latestHead() {
        return read((connection, tenant) -> new StoredHeads(connection, tenant).latest())
                .orElseThrow(AuditLogEmpty::new);
    }

    /**
     * Tree heads, newest first.
     *
     * @param before only those with a smaller number; empty = from the latest on
     */
    public List<SignedTreeHead> treeHeads(OptionalLong before, int limit) {
        return read((connection, tenant) ->
                new StoredHeads(connection, tenant).before(before.orElse(Long.MAX_VALUE), limit));
    }

    /**
     * Proves that the log of a later tree head begins with that of an earlier one.
     *
     * @param first size of the earlier
     * @param second size of the later; empty = the latest
     * @throws TreeHeadNotFound if no tree head of such a size was signed
     */
    public HeadConsistency consistency(long first, OptionalLong second) {
        SignedTreeHead earlier = headOfSize("first", first);
        SignedTreeHead later = second.isPresent() ? headOfSize("second", second.getAsLong()) : latestHead();
        long size = later.head().size();
        if (first > size) {
            throw new InvalidRequest(
                    "second", "'second' (%d) must not be smaller than 'first' (%d).".formatted(size, first));
        }
        return new HeadConsistency(
                earlier, later, read((connection, tenant) -> new MerkleTree(new StoredNodes(connection, tenant.value()))
                        .consistency(first, size)));
    }

    private SignedTreeHead headOfSize(String param, long size) {
        return read((connection, tenant) -> new StoredHeads(connection, tenant).ofSize(size))
                .orElseThrow(() -> new TreeHeadNotFound(param, size));
    }

    /** The public keys of the installation, oldest first. */
    public List<PublishedKey> keys() {
        return keys.published();
    }

    /** Checks the whole stored log, up to its end or its first damage; memory does not grow with the log. */
    public LogVerification verify() {
        return read((connection, tenant) -> new StoredLogCheck(connection, tenant).run());
    }

    /**
     * Prepares an export, which is itself an act in the log.
     *
     * @param from first entry; empty = from the beginning
     * @param to behind the last entry; empty = up to the latest tree head
     * @throws AuditLogEmpty if nothing was logged yet
     * @throws InvalidRequest if the log has no such part
     */
    @Transactional
    public LogExport export(Caller caller, OptionalLong from, OptionalLong to) {
        long size = latestHead().head().size();
        long begin = from.orElse(0);
        long end = to.orElse(size);
        if (begin < 0 || begin >= end || end > size) {
            throw new InvalidRequest(
                    begin < 0 || begin >= size ? "from" : "to",
                    "Entries %d to %d are no part of the log: it has %d; 'from' is the first entry, 'to' lies behind the last."
                            .formatted(begin, end - 1, size));
        }
        SigningKey key = keys.signingKey();
        ExportHeader header = read((connection, tenant) -> header(connection, tenant, begin, end));
        acts.fire(new AuditableAct(
                "audit.exported",
                caller.subject(),
                "entries %d-%d".formatted(begin, end - 1),
                Map.of("from", String.valueOf(begin), "to", String.valueOf(end)),
                Map.of()));
        return new LogExport(header, header.json(key), app, currentTenant);
    }

    private ExportHeader header(Connection connection, TenantId tenant, long begin, long end) throws SQLException {
        StoredHeads heads = new StoredHeads(connection, tenant);
        Supplier<AuditLogDamaged> missing = () -> new AuditLogDamaged("a tree head is missing");
        long first = heads.covering(begin + 1).orElseThrow(missing).head().number();
        SignedTreeHead last = heads.covering(end).orElseThrow(missing);
        long size = last.head().size();
        StoredNodes nodes = new StoredNodes(connection, tenant.value());
        return new ExportHeader(
                tenant,
                clock.instant(),
                new ExportHeader.Range(begin, end, size, first, last.head().number()),
                new ExportHeader.Outside(
                        nodes.inOrder(NodeId.covering(0, begin)), nodes.inOrder(NodeId.covering(end, size))),
                AuditKeys.published(connection).stream().map(PublishedKey::key).toList());
    }
}
