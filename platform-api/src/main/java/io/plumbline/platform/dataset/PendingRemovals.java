package io.plumbline.platform.dataset;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.blob.Sha256;
import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finishes deletions that a process began and did not live to finish. */
@ApplicationScoped
class PendingRemovals {
    private static final Logger LOG = LoggerFactory.getLogger(PendingRemovals.class);
    private static final String FIND =
            "select tenant, sha256 from blob_removal where requested_at < now() - interval '1 minute' limit 1000";

    private final AgroalDataSource worker;
    private final CurrentTenant currentTenant;
    private final FileRecords records;

    @Inject
    PendingRemovals(@DataSource("worker") AgroalDataSource worker, CurrentTenant currentTenant, FileRecords records) {
        this.worker = worker;
        this.currentTenant = currentTenant;
        this.records = records;
    }

    private record Removal(TenantId tenant, Sha256 content) {}

    @Scheduled(every = "10m", delayed = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void finish() {
        try {
            for (Removal removal : find()) {
                currentTenant.runAs(
                        removal.tenant(), () -> records.removeUnusedContent(removal.tenant(), removal.content()));
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("deleted content stays on disk until the next round: {}", e.toString());
        }
    }

    private List<Removal> find() throws SQLException {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND);
                ResultSet rows = statement.executeQuery()) {
            List<Removal> removals = new ArrayList<>();
            while (rows.next()) {
                removals.add(new Removal(TenantId.of(rows.getString(1)), new Sha256(rows.getString(2))));
            }
            return removals;
        }
    }
}
