package io.plumbline.compliance.review;

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
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides cases whose deadline has passed, against release. Several processes may do so at once: one of them ends each case. */
@ApplicationScoped
class Deadlines {
    private static final Logger LOG = LoggerFactory.getLogger(Deadlines.class);
    private static final int MOST_AT_ONCE = 500;

    private final AgroalDataSource worker;
    private final ReviewQueue queue;
    private final TenantScope tenants;

    @Inject
    Deadlines(@DataSource("worker") AgroalDataSource worker, ReviewQueue queue, TenantScope tenants) {
        this.worker = worker;
        this.queue = queue;
        this.tenants = tenants;
    }

    private record Due(TenantId tenant, CaseId id) {}

    @Scheduled(
            every = "${plumbline.review.expiry-check:30s}",
            delayed = "5s",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void expire() {
        try {
            for (Due due : due()) {
                expire(due);
            }
        } catch (SQLException e) {
            LOG.warn("deadlines of cases wait for the next round: {}", e.toString());
        }
    }

    private void expire(Due due) {
        try {
            if (tenants.callAs(due.tenant(), () -> queue.expire(due.id()))) {
                LOG.info("{} was not decided in time; nothing is released", due.id());
            }
        } catch (RuntimeException e) {
            LOG.warn("{} could not be ended, the next round tries again: {}", due.id(), e.toString());
        }
    }

    private List<Due> due() throws SQLException {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement("""
                        select tenant, id from review_case
                        where state = 'PENDING' and deadline <= now() order by deadline limit ?
                        """)) {
            statement.setInt(1, MOST_AT_ONCE);
            List<Due> due = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    due.add(new Due(TenantId.of(rows.getString(1)), new CaseId(rows.getString(2))));
                }
            }
            return due;
        }
    }
}
