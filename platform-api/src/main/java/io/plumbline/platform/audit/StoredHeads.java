package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.TreeHead;
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

/** Tree heads of one tenant in the database. */
final class StoredHeads {
    private static final String COLUMNS =
            "select number, size, signed_at, root, key_id, signature from audit_tree_head";
    private static final String LATEST = COLUMNS + " where tenant = ? order by number desc limit 1";
    private static final String OF_SIZE = COLUMNS + " where tenant = ? and size = ?";
    private static final String COVERING = COLUMNS + " where tenant = ? and size >= ? order by size limit 1";
    private static final String BEFORE = COLUMNS + " where tenant = ? and number < ? order by number desc limit ?";
    private static final String FROM = COLUMNS + " where tenant = ? and number >= ? order by number limit ?";
    private static final String ADD =
            "insert into audit_tree_head (tenant, number, size, signed_at, root, key_id, signature)"
                    + " values (?, ?, ?, ?, ?, ?, ?)";

    private final Connection connection;
    private final TenantId tenant;

    StoredHeads(Connection connection, TenantId tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    Optional<SignedTreeHead> latest() throws SQLException {
        return query(LATEST).stream().findFirst();
    }

    Optional<SignedTreeHead> ofSize(long size) throws SQLException {
        return query(OF_SIZE, size).stream().findFirst();
    }

    /** The first one that covers so many entries. */
    Optional<SignedTreeHead> covering(long size) throws SQLException {
        return query(COVERING, size).stream().findFirst();
    }

    /** Newest first. */
    List<SignedTreeHead> before(long number, int limit) throws SQLException {
        return query(BEFORE, number, limit);
    }

    /** Oldest first. */
    List<SignedTreeHead> from(long number, int limit) throws SQLException {
        return query(FROM, number, limit);
    }

    void add(SignedTreeHead signed) throws SQLException {
        TreeHead head = signed.head();
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setString(1, tenant.value());
            statement.setLong(2, head.number());
            statement.setLong(3, head.size());
            statement.setObject(4, head.time().atOffset(ZoneOffset.UTC));
            statement.setBytes(5, head.root().bytes());
            statement.setString(6, signed.keyId());
            statement.setBytes(7, signed.signature());
            statement.executeUpdate();
        }
    }

    private List<SignedTreeHead> query(String sql, long... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, tenant.value());
            for (int i = 0; i < parameters.length; i++) {
                statement.setLong(i + 2, parameters[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                List<SignedTreeHead> heads = new ArrayList<>();
                while (rows.next()) {
                    heads.add(head(rows));
                }
                return heads;
            }
        }
    }

    private SignedTreeHead head(ResultSet row) throws SQLException {
        Instant signedAt = row.getObject(3, OffsetDateTime.class).toInstant();
        TreeHead head = new TreeHead(tenant, row.getLong(1), row.getLong(2), signedAt, MerkleHash.of(row.getBytes(4)));
        return new SignedTreeHead(head, row.getString(5), row.getBytes(6));
    }
}
