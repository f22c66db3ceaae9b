package io.plumbline.platform.audit;

import io.plumbline.inference.TenantId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The database in the hands of the role that owns the tables: whoever has its password. */
final class AuditDatabase {
    private static final List<String> LOG = List.of("audit_entry", "audit_node", "audit_tree_head");

    private AuditDatabase() {}

    private static Connection owner() throws SQLException {
        return DriverManager.getConnection(
                System.getenv("PLUMBLINE_DB_URL"),
                System.getenv().getOrDefault("PLUMBLINE_DB_OWNER_USER", "plumbline_owner"),
                System.getenv("PLUMBLINE_DB_OWNER_PASSWORD"));
    }

    /** A statement of the owner, with everything on that protects the log. */
    static void executeAsOwner(String sql) throws SQLException {
        try (Connection connection = owner();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Changes the log past its triggers and policies, as only the owner can; afterwards they are on again. */
    static int tamper(String sql, Object... parameters) throws SQLException {
        try (Connection connection = owner()) {
            connection.setAutoCommit(false);
            for (String table : LOG) {
                execute(connection, "alter table " + table + " disable trigger append_only");
                execute(connection, "alter table " + table + " no force row level security");
            }
            int changed;
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setObject(i + 1, parameters[i]);
                }
                changed = statement.executeUpdate();
            }
            for (String table : LOG) {
                execute(connection, "alter table " + table + " enable trigger append_only");
                execute(connection, "alter table " + table + " force row level security");
            }
            connection.commit();
            return changed;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Puts acts into the staging table, as transactions of that tenant would: {@code target-1}, {@code target-2}, … */
    static void stage(TenantId tenant, int count) throws SQLException {
        try (Connection connection = owner()) {
            connection.setAutoCommit(false);
            execute(connection, "alter table audit_staged no force row level security");
            try (PreparedStatement statement = connection.prepareStatement(
                    "insert into audit_staged (tenant, occurred_at, type, actor, target, facts, digests)"
                            + " select ?, now(), 'test.happened', 'test', 'target-' || n, '{\"n\":\"1\"}', '{}'"
                            + " from generate_series(1, ?) as n")) {
                statement.setString(1, tenant.value());
                statement.setInt(2, count);
                statement.executeUpdate();
            }
            execute(connection, "alter table audit_staged force row level security");
            connection.commit();
        }
    }

    static long count(String table, TenantId tenant, javax.sql.DataSource worker) throws SQLException {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select count(*) from " + table + " where tenant = ?")) {
            statement.setString(1, tenant.value());
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }
}
