package io.plumbline.platform.usage;

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

/** Releases what was reserved by processes that ended before they could settle. */
@ApplicationScoped
class AbandonedReservations {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedReservations.class);

    /** Longer than any answer takes. */
    private static final String RELEASE = """
            insert into usage_entry (tenant, request_id, kind, model, subject, prompt_tokens, completion_tokens,
                                     cached_tokens, recorded_at)
            select r.tenant, r.request_id, 'RELEASED', r.model, r.subject, 0, 0, 0, now() from usage_entry r
            where r.kind = 'RESERVED' and r.recorded_at between now() - interval '2 days' and now() - interval '1 hour'
              and not exists (select 1 from usage_entry o where o.tenant = r.tenant and o.request_id = r.request_id
                              and o.kind <> 'RESERVED')
            on conflict do nothing
            """;

    private final AgroalDataSource worker;

    @Inject
    AbandonedReservations(@DataSource("worker") AgroalDataSource worker) {
        this.worker = worker;
    }

    @Scheduled(every = "10m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void release() {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            int released = statement.executeUpdate();
            if (released > 0) {
                LOG.warn("{} requests were reserved but never settled; their reservations were released", released);
            }
        } catch (SQLException e) {
            LOG.warn("abandoned reservations wait for the next round: {}", e.toString());
        }
    }
}
