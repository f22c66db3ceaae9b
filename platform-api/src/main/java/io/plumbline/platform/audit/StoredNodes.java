package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.MerkleHash;
import io.plumbline.compliance.audit.MerkleTree;
import io.plumbline.compliance.audit.NodeId;
import io.plumbline.compliance.audit.NodeSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Hashes of one tenant's tree in the database: one query by primary key, whatever the size of the log. */
final class StoredNodes implements NodeSource {
    private static final String READ = """
            select 0 as level, index, leaf_hash from audit_entry where tenant = ? and index = any (?)
            union all
            select n.level, n.index, n.hash
            from unnest(?, ?) as wanted (level, index)
            join audit_node n on n.tenant = ? and n.level = wanted.level and n.index = wanted.index
            """;

    private final Connection connection;
    private final String tenant;

    StoredNodes(Connection connection, String tenant) {
        this.connection = connection;
        this.tenant = tenant;
    }

    /**
     * Hashes in the order of the nodes.
     *
     * @throws MerkleTree.MissingNode if one is not stored
     */
    List<MerkleHash> inOrder(List<NodeId> nodes) {
        Map<NodeId, MerkleHash> found = read(Set.copyOf(nodes));
        return nodes.stream()
                .map(node -> Optional.ofNullable(found.get(node)).orElseThrow(() -> new MerkleTree.MissingNode(node)))
                .toList();
    }

    @Override
    public Map<NodeId, MerkleHash> read(Set<NodeId> nodes) {
        Long[] leaves =
                nodes.stream().filter(n -> n.level() == 0).map(NodeId::index).toArray(Long[]::new);
        NodeId[] inner = nodes.stream().filter(n -> n.level() > 0).toArray(NodeId[]::new);
        Integer[] levels = new Integer[inner.length];
        Long[] indexes = new Long[inner.length];
        for (int i = 0; i < inner.length; i++) {
            levels[i] = inner[i].level();
            indexes[i] = inner[i].index();
        }
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setString(1, tenant);
            statement.setArray(2, connection.createArrayOf("bigint", leaves));
            statement.setArray(3, connection.createArrayOf("integer", levels));
            statement.setArray(4, connection.createArrayOf("bigint", indexes));
            statement.setString(5, tenant);
            return read(statement);
        } catch (SQLException e) {
            throw new AuditLogUnreadable(e);
        }
    }

    private static Map<NodeId, MerkleHash> read(PreparedStatement statement) throws SQLException {
        Map<NodeId, MerkleHash> hashes = new HashMap<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                hashes.put(new NodeId(rows.getInt(1), rows.getLong(2)), MerkleHash.of(rows.getBytes(3)));
            }
        }
        return hashes;
    }
}
