package io.plumbline.platform.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What PostgreSQL itself shows when the application's own filter is not there: plain SQL through its connections. */
@PlatformTest
class TenancyTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final TenantId BROKER = TenantId.of("broker");

    @Inject
    AgroalDataSource app;

    @Inject
    @DataSource("worker")
    AgroalDataSource worker;

    @Inject
    CurrentTenant currentTenant;

    @BeforeEach
    void bothTenantsHaveARow() {
        Callers.key("hospital", "models:read");
        Callers.key("broker", "models:read");
    }

    @Test
    void withoutATenantNoRowIsVisible() throws SQLException {
        assertThat(tenantsSeen(app)).isEmpty();
    }

    @Test
    void aTenantSeesOnlyItsOwnRows() throws SQLException {
        assertThat(currentTenant.callAs(HOSPITAL, () -> tenantsSeen(app))).containsOnly("hospital");
        assertThat(currentTenant.callAs(BROKER, () -> tenantsSeen(app))).containsOnly("broker");
        assertThat(tenantsSeen(app)).isEmpty();
    }

    @Test
    void theWorkerSeesEveryTenant() throws SQLException {
        assertThat(tenantsSeen(worker)).contains("hospital", "broker");
    }

    @Test
    void aRowCannotBeWrittenForAnotherTenant() {
        String insert = "insert into api_key (id, tenant, name, prefix, secret_hash, scopes, created_by, created_at)"
                + " values ('foreign', 'broker', 'x', 'pl-broker-x', sha256('x'), '{}', 'test', now())";
        assertThatThrownBy(() -> currentTenant.callAs(HOSPITAL, () -> execute(insert)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("row-level security");
        assertThatThrownBy(() -> execute(insert)).hasMessageContaining("row-level security");
    }

    @Test
    void aRowOfAnotherTenantCannotBeChanged() throws SQLException {
        int changed =
                currentTenant.callAs(HOSPITAL, () -> execute("update api_key set name = 'x' where tenant = 'broker'"));
        assertThat(changed).isZero();
    }

    @Test
    void theTenantCannotChangeWithinATransaction() {
        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> currentTenant.runAs(HOSPITAL, () -> {})))
                .isInstanceOf(IllegalStateException.class);
    }

    /** A table that forgets row-level security would show its rows to everybody; this finds it. */
    @Test
    void everyTableWithATenantIsSecured() throws SQLException {
        String unsecured = """
                select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
                where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
                  and not (c.relrowsecurity and c.relforcerowsecurity
                           and exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'one_tenant'))
                """;
        assertThat(column(worker, unsecured)).isEmpty();
    }

    @Test
    void theApplicationsRoleIsBoundByThePolicies() throws SQLException {
        assertThat(column(app, "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"))
                .containsExactly("f");
        assertThat(column(app, "select tableowner = current_user from pg_tables where tablename = 'api_key'"))
                .containsExactly("f");
    }

    private static List<String> tenantsSeen(AgroalDataSource source) throws SQLException {
        return column(source, "select distinct tenant from api_key");
    }

    private int execute(String sql) throws SQLException {
        try (Connection connection = app.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static List<String> column(AgroalDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }
}
