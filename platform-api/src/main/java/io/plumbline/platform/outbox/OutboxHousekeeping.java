package io.plumbline.platform.outbox;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Forgets sent events and read markers after the retention period. */
@ApplicationScoped
class OutboxHousekeeping {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxHousekeeping.class);
    private static final String FORGET_SENT =
            "delete from outbox where published_at < now() - make_interval(secs => ?)";
    private static final String FORGET_READ = "delete from inbox where received_at < now() - make_interval(secs => ?)";

    private final AgroalDataSource worker;
    private final OutboxConfig config;

    @Inject
    OutboxHousekeeping(@DataSource("worker") AgroalDataSource worker, OutboxConfig config) {
        this.worker = worker;
        this.config = config;
    }

    @Scheduled(every = "1h", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void forget() {
        try (Connection connection = worker.getConnection()) {
            int events = delete(connection, FORGET_SENT);
            int markers = delete(connection, FORGET_READ);
            LOG.debug("forgot {} sent events and {} read markers", events, markers);
        } catch (SQLException e) {
            LOG.warn("old events are kept until the next hour: {}", e.toString());
        }
    }

    private int delete(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setDouble(1, config.retention().toSeconds());
            return statement.executeUpdate();
        }
    }
}
