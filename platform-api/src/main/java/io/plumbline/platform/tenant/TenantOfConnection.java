package io.plumbline.platform.tenant;

import io.agroal.api.AgroalPoolInterceptor;
import io.plumbline.inference.TenantId;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells PostgreSQL's row-level security whose request a pooled connection serves. Every acquisition sets the tenant, or
 * the empty string which matches no row; so a connection whose clearing failed still cannot show a foreign row.
 *
 * <p>See docs/decisions/0005-tenancy.md.
 */
@Singleton
class TenantOfConnection implements AgroalPoolInterceptor {
    private static final Logger LOG = LoggerFactory.getLogger(TenantOfConnection.class);

    private final CurrentTenant tenant;

    @Inject
    TenantOfConnection(CurrentTenant tenant) {
        this.tenant = tenant;
    }

    @Override
    public void onConnectionAcquire(Connection connection) {
        try {
            set(connection, tenant.get().map(TenantId::value).orElse(""));
        } catch (SQLException e) {
            throw new TenantNotSet(e);
        }
    }

    @Override
    public void onConnectionReturn(Connection connection) {
        try {
            set(connection, "");
        } catch (SQLException e) {
            // The pool would lose the slot if this were thrown; the next acquisition sets the tenant in any case.
            LOG.debug("could not clear the tenant of a connection", e);
        }
    }

    private static void set(Connection connection, String tenant) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select set_config('plumbline.tenant', ?, false)")) {
            statement.setString(1, tenant);
            statement.execute();
        }
    }

    /** The connection broke before it could be used. */
    static final class TenantNotSet extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        TenantNotSet(SQLException cause) {
            super("cannot tell the database whose request this is", cause);
        }
    }
}
