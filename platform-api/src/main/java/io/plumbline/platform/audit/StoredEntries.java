package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.inference.TenantId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Entries of one tenant in the database. */
final class StoredEntries {
    private static final String COLUMNS =
            "select index, entry, leaf_hash, occurred_at, type, actor, target from audit_entry where tenant = ?";
    private static final String ONE = COLUMNS + " and index = ?";
    private static final String RANGE = COLUMNS + " and index >= ? and index < ? order by index limit ?";
    private static final String ADD =
            "insert into audit_entry (tenant, index, entry, leaf_hash, occurred_at, type, actor, target)"
                    + " values (?, ?, ?, ?, ?, ?, ?, ?)";

    private final Connection connection;
    private final TenantId tenant;

    StoredEntries(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    Optional<StoredEntry> find(long index) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ONE)) {
            statement.setString(1, tenant.value());
            statement.setLong(2, index);
            return read(statement).stream().findFirst();
        }
    }

    /** In order; at most {@code limit} of them. */
    List<StoredEntry> range(long begin, long end, int limit) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RANGE)) {
            statement.setString(1, tenant.value());
            statement.setLong(2, begin);
            statement.setLong(3, end);
            statement.setInt(4, limit);
            return read(statement);
        }
    }

    /** Newest first; one more than asked for tells that there are more. */
    List<StoredEntry> search(AuditQuery query) throws SQLException {
        StringBuilder sql = new StringBuilder(COLUMNS);
        List<Object> values = new ArrayList<>();
        query.type().ifPresent(type -> {
            sql.append(" and (type = ? or starts_with(type, ?))");
            values.add(type);
            values.add(type + ".");
        });
        query.actor().ifPresent(actor -> add(sql, values, " and actor = ?", actor));
        query.target().ifPresent(target -> add(sql, values, " and target = ?", target));
        query.from().ifPresent(from -> add(sql, values, " and occurred_at >= ?", time(from)));
        query.to().ifPresent(to -> add(sql, values, " and occurred_at < ?", time(to)));
        query.after().ifPresent(after -> add(sql, values, " and index < ?", after));
        add(sql, values, " order by index desc limit ?", query.limit() + 1);
        try (PreparedStatement statement = connection.prepareStatement(sql.toString())) {
            statement.setString(1, tenant.value());
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 2, values.get(i));
            }
            return read(statement);
        }
    }

    private static void add(StringBuilder sql, List<Object> values, String condition, Object value) {
        sql.append(condition);
        values.add(value);
    }

    void add(List<StoredEntry> entries) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            for (StoredEntry entry : entries) {
                statement.setString(1, tenant.value());
                statement.setLong(2, entry.index());
                statement.setBytes(3, entry.bytes());
                statement.setBytes(4, entry.leafHash().bytes());
                statement.setObject(5, time(entry.columns().occurredAt()));
                statement.setString(6, entry.columns().type());
                statement.setString(7, entry.columns().actor());
                statement.setString(8, entry.columns().target());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    private static List<StoredEntry> read(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            List<StoredEntry> entries = new ArrayList<>();
            while (rows.next()) {
                entries.add(new StoredEntry(
                        rows.getLong(1),
                        rows.getBytes(2),
                        MerkleHash.of(rows.getBytes(3)),
                        new StoredEntry.Columns(
                                rows.getObject(4, OffsetDateTime.class).toInstant(),
                                rows.getString(5),
                                rows.getString(6),
                                rows.getString(7))));
            }
            return entries;
        }
    }
}
