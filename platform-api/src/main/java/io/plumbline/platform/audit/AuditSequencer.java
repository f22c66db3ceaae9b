package io.plumbline.platform.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks every second which tenants have acts waiting, and appends them to their logs. */
@ApplicationScoped
class AuditSequencer {
    /** Name of the schedule. */
    static final String SCHEDULE = "audit-sequencer";

    private static final Logger LOG = LoggerFactory.getLogger(AuditSequencer.class);
    private static final String WAITING = "select distinct tenant from audit_staged";

    private final AgroalDataSource worker;
    private final SequencerRound round;
    private final AuditConfig config;
    // A damaged log stays so until somebody mends it; it is told once, not every second.
    private final Set<TenantId> reported = ConcurrentHashMap.newKeySet();

    @Inject
    AuditSequencer(
            @DataSource("worker") AgroalDataSource worker,
            AuditKeys keys,
            ObjectMapper json,
            AuditConfig config,
            Clock clock) {
        this.worker = worker;
        this.round = new SequencerRound(worker, keys::signingKey, json, clock);
        this.config = config;
    }

    @Scheduled(identity = SCHEDULE, every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void run() {
        try {
            for (TenantId tenant : waiting()) {
                sequence(tenant);
            }
        } catch (SQLException | RuntimeException e) {
            LOG.warn("acts wait for the audit log; it is tried again in a second: {}", e.toString());
        }
    }

    private void sequence(TenantId tenant) throws SQLException {
        try {
            int appended;
            do {
                appended = round.run(tenant, config.batch());
            } while (appended == config.batch());
            if (appended > 0) {
                reported.remove(tenant);
            }
        } catch (SequencerRound.DamagedLog e) {
            if (reported.add(tenant)) {
                LOG.error(
                        "{}. Its acts wait in audit_staged and nothing is appended; see 'A damaged log' in"
                                + " platform-api/README.md",
                        e.getMessage());
            }
        }
    }

    private List<TenantId> waiting() throws SQLException {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(WAITING);
                ResultSet rows = statement.executeQuery()) {
            List<TenantId> tenants = new ArrayList<>();
            while (rows.next()) {
                tenants.add(TenantId.of(rows.getString(1)));
            }
            return tenants;
        }
    }
}
