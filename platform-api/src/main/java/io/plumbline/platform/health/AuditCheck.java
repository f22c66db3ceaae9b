package io.plumbline.platform.health;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether acts reach the audit log. They are safe while they wait, and requests are served; so this counts for
 * {@code /q/health} and {@code /q/health/well}, not for {@code /q/health/ready}.
 */
@Wellness
@ApplicationScoped
class AuditCheck implements HealthCheck {
    private static final int PATIENCE_SECONDS = 60;
    private static final String WAITING =
            "select count(*), coalesce(extract(epoch from now() - min(occurred_at)), 0)::bigint from audit_staged";

    private final AgroalDataSource worker;

    @Inject
    AuditCheck(@DataSource("worker") AgroalDataSource worker) {
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("audit");
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(WAITING);
                ResultSet row = statement.executeQuery()) {
            row.next();
            response.withData("waiting_acts", row.getLong(1)).withData("oldest_waits_seconds", row.getLong(2));
            if (row.getLong(2) <= PATIENCE_SECONDS) {
                return response.up().build();
            }
            return response.down()
                    .withData("remedy", "acts wait for the audit log; the server's log says why")
                    .build();
        } catch (SQLException e) {
            return response.down()
                    .withData("waiting_acts", "unknown: the database is away")
                    .build();
        }
    }
}
