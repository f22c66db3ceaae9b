package io.plumbline.platform.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.audit.MerkleTree;
import io.plumbline.compliance.audit.NodeId;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.compliance.audit.TreeFrontier;
import io.plumbline.compliance.audit.TreeHead;
import io.plumbline.inference.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Appends what waits of one tenant to its log. All of it is one transaction: whatever ends the process in between, either
 * the acts still wait or they are in the log under a signed head.
 */
final class SequencerRound {
    /** One sequencer a tenant at a time; should two ever meet all the same, the primary keys refuse the second. */
    private static final String LOCK = "select pg_try_advisory_xact_lock(hashtextextended('plumbline.audit/' || ?, 0))";

    private static final String READ =
            "select seq, occurred_at, type, actor, target, facts, digests from audit_staged where tenant = ?"
                    + " order by seq limit ?";
    private static final String REMOVE = "delete from audit_staged where tenant = ? and seq = any (?)";
    private static final String ADD_NODE = "insert into audit_node (tenant, level, index, hash) values (?, ?, ?, ?)";
    private static final TypeReference<Map<String, String>> MEMBERS = new TypeReference<>() {};

    private final AgroalDataSource worker;
    private final Supplier<SigningKey> key;
    private final ObjectMapper json;
    private final Clock clock;

    SequencerRound(AgroalDataSource worker, Supplier<SigningKey> key, ObjectMapper json, Clock clock) {
        this.worker = worker;
        this.key = key;
        this.json = json;
        this.clock = clock;
    }

    /** An act that waits. */
    private record Staged(long seq, Instant occurredAt, AuditableAct act) {}

    /**
     * @param most acts at most
     * @return how many were appended; 0 also where another sequencer is at work on this log
     * @throws DamagedLog if the end of the log is not what was signed; nothing is appended to such a log
     */
    int run(TenantId tenant, int most) throws SQLException {
        try (Connection connection = worker.getConnection()) {
            connection.setAutoCommit(false);
            try {
                int appended = run(connection, tenant, most);
                connection.commit();
                return appended;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private int run(Connection connection, TenantId tenant, int most) throws SQLException {
        if (!lock(connection, tenant)) {
            return 0;
        }
        List<Staged> staged = read(connection, tenant, most);
        if (staged.isEmpty()) {
            return 0;
        }
        StoredHeads heads = new StoredHeads(connection, tenant);
        Optional<SignedTreeHead> last = heads.latest();
        TreeFrontier frontier = frontier(connection, tenant, last);
        append(connection, tenant, frontier, staged);
        long number = last.map(head -> head.head().number()).orElse(0L) + 1;
        heads.add(new TreeHead(tenant, number, frontier.size(), clock.instant(), frontier.root()).sign(key.get()));
        remove(connection, tenant, staged);
        return staged.size();
    }

    private static boolean lock(Connection connection, TenantId tenant) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK)) {
            statement.setString(1, tenant.value());
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private List<Staged> read(Connection connection, TenantId tenant, int most) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, tenant.value());
            statement.setInt(2, most);
            try (ResultSet rows = statement.executeQuery()) {
                List<Staged> staged = new ArrayList<>();
                while (rows.next()) {
                    AuditableAct act = new AuditableAct(
                            rows.getString(3),
                            rows.getString(4),
                            rows.getString(5),
                            members(rows.getString(6)),
                            members(rows.getString(7)));
                    staged.add(new Staged(
                            rows.getLong(1),
                            rows.getObject(2, OffsetDateTime.class).toInstant(),
                            act));
                }
                return staged;
            }
        }
    }

    private Map<String, String> members(String text) {
        try {
            return json.readValue(text, MEMBERS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a staged act is not readable", e);
        }
    }

    private static TreeFrontier frontier(Connection connection, TenantId tenant, Optional<SignedTreeHead> last) {
        if (last.isEmpty()) {
            return TreeFrontier.empty();
        }
        TreeHead head = last.get().head();
        TreeFrontier frontier;
        try {
            frontier = TreeFrontier.at(
                    head.size(), new StoredNodes(connection, tenant.value()).inOrder(NodeId.covering(0, head.size())));
        } catch (MerkleTree.MissingNode e) {
            throw new DamagedLog(tenant, String.valueOf(e.getMessage()));
        }
        if (!frontier.root().equals(head.root())) {
            throw new DamagedLog(tenant, "the stored tree does not have the root of its last tree head");
        }
        return frontier;
    }

    private static void append(Connection connection, TenantId tenant, TreeFrontier frontier, List<Staged> staged)
            throws SQLException {
        List<StoredEntry> entries = new ArrayList<>();
        List<TreeFrontier.Subtree> completed = new ArrayList<>();
        for (Staged one : staged) {
            StoredEntry entry = StoredEntry.of(new AuditEntry(frontier.size(), one.occurredAt(), tenant, one.act()));
            completed.addAll(frontier.append(entry.leafHash()));
            entries.add(entry);
        }
        new StoredEntries(connection, tenant).add(entries);
        add(connection, tenant, completed);
    }

    private static void add(Connection connection, TenantId tenant, List<TreeFrontier.Subtree> nodes)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD_NODE)) {
            for (TreeFrontier.Subtree subtree : nodes) {
                statement.setString(1, tenant.value());
                statement.setInt(2, subtree.node().level());
                statement.setLong(3, subtree.node().index());
                statement.setBytes(4, subtree.hash().bytes());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void remove(Connection connection, TenantId tenant, List<Staged> staged) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
            statement.setString(1, tenant.value());
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "bigint", staged.stream().map(Staged::seq).toArray()));
            if (statement.executeUpdate() != staged.size()) {
                throw new IllegalStateException(
                        "acts of %s were taken from the staging table by another".formatted(tenant));
            }
        }
    }

    /** The end of a log is not what was signed. */
    static final class DamagedLog extends RuntimeException {
        private static final long serialVersionUID = 1L;

        DamagedLog(TenantId tenant, String what) {
            super("the audit log of %s is damaged: %s".formatted(tenant, what));
        }
    }
}
