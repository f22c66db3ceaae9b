package io.plumbline.platform.health;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.smallrye.common.annotation.Identifier;
import io.smallrye.health.api.Wellness;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/**
 * Whether Kafka answers, and how many events wait for it. A broker that is away does not make this process unready:
 * requests are served and their events wait in the outbox; so this counts for {@code /q/health} and
 * {@code /q/health/well}, not for {@code /q/health/ready}.
 */
@Wellness
@ApplicationScoped
class BrokerCheck implements HealthCheck {
    private static final int TIMEOUT_MILLIS = 2000;
    private static final String WAITING = "select count(*) from outbox where published_at is null";

    private final Map<String, Object> settings;
    private final AgroalDataSource worker;

    @Inject
    BrokerCheck(
            @Identifier("default-kafka-broker") Map<String, Object> settings,
            @DataSource("worker") AgroalDataSource worker) {
        this.settings = Map.copyOf(settings);
        this.worker = worker;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("broker");
        waiting(response);
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, TIMEOUT_MILLIS);
        try (Admin admin = Admin.create(properties)) {
            int nodes = admin.describeCluster()
                    .nodes()
                    .get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)
                    .size();
            return response.up().withData("nodes", nodes).build();
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return response.down()
                    .withData("remedy", "Kafka at PLUMBLINE_KAFKA does not answer; events wait in the outbox")
                    .build();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return response.down().build();
        }
    }

    private void waiting(HealthCheckResponseBuilder response) {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(WAITING);
                ResultSet row = statement.executeQuery()) {
            if (row.next()) {
                response.withData("waiting_events", row.getLong(1));
            }
        } catch (SQLException e) {
            response.withData("waiting_events", "unknown: the database is away");
        }
    }
}
