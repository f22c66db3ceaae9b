package io.plumbline.finetune.job;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.quarkus.agroal.DataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.hibernate.exception.JDBCConnectionException;

/**
 * The queue as a table. Only claiming looks across tenants, under the worker's role; everything after it is done as the
 * tenant.
 */
@ApplicationScoped
class DatabaseJobQueue implements JobQueue {
    private static final String CLAIM = """
            with share as (
                select tenant,
                       count(*) filter (where state = 'RUNNING' and lease_until > now()) as training,
                       max(training_claimed_at) as served
                from fine_tuning_job
                group by tenant),
            next as (
                select j.id
                from fine_tuning_job j join share s on s.tenant = j.tenant
                where j.state = any (?)
                  and (j.lease_until is null or j.lease_until <= now())
                  and j.not_before <= now()
                order by (j.state = 'RUNNING') desc, s.training, s.served nulls first,
                         array_position(array['HIGH', 'NORMAL', 'LOW'], j.priority), j.created_at, j.id
                limit 1
                for update of j skip locked)
            update fine_tuning_job j
            set lease_owner = ?, lease_token = lease_token + 1, lease_until = now() + make_interval(secs => ?),
                training_claimed_at = case when ? then now() else training_claimed_at end
            from next
            where j.id = next.id
            returning j.id, j.tenant, j.lease_token
            """;

    private final AgroalDataSource worker;
    private final EntityManager entities;
    private final TenantScope tenants;

    @Inject
    DatabaseJobQueue(@DataSource("worker") AgroalDataSource worker, EntityManager entities, TenantScope tenants) {
        this.worker = worker;
        this.entities = entities;
        this.tenants = tenants;
    }

    @Override
    public Optional<ClaimedJob> claim(Work work, String owner, Duration lease) {
        List<JobState> states =
                switch (work) {
                    case VALIDATE -> List.of(JobState.VALIDATING_FILES);
                    case TRAIN -> List.of(JobState.QUEUED, JobState.RUNNING);
                };
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(CLAIM)) {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", states.stream().map(JobState::name).toArray()));
            statement.setString(2, owner);
            statement.setDouble(3, seconds(lease));
            statement.setBoolean(4, work == Work.TRAIN);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new ClaimedJob(
                                TenantId.of(row.getString(2)), new JobId(row.getString(1)), row.getLong(3)))
                        : Optional.empty();
            }
        } catch (SQLException e) {
            throw new JDBCConnectionException("cannot claim a job", e);
        }
    }

    @Override
    public void releaseAll(String owner) {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update fine_tuning_job set lease_until = null where lease_owner = ? and lease_until > now()")) {
            statement.setString(1, owner);
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new JDBCConnectionException("cannot release jobs", e);
        }
    }

    @Override
    public LeaseState renew(ClaimedJob claim, Duration lease) {
        return inTenant(claim, () -> {
            int renewed = entities.createNativeQuery("""
                            update fine_tuning_job
                            set lease_until = now() + make_interval(secs => :lease)
                            where id = :id and lease_token = :token
                              and state in ('VALIDATING_FILES', 'QUEUED', 'RUNNING')
                            """)
                    .setParameter("lease", seconds(lease))
                    .setParameter("id", claim.job().value())
                    .setParameter("token", claim.token())
                    .executeUpdate();
            return renewed == 1 ? LeaseState.HELD : whyNot(claim);
        });
    }

    private LeaseState whyNot(ClaimedJob claim) {
        List<?> mine = entities.createNativeQuery(
                        "select 1 from fine_tuning_job where id = :id and lease_token = :token", Integer.class)
                .setParameter("id", claim.job().value())
                .setParameter("token", claim.token())
                .getResultList();
        return mine.isEmpty() ? LeaseState.LOST : LeaseState.ENDED;
    }

    @Override
    public void release(ClaimedJob claim, Duration pause) {
        inTenant(claim, () -> entities.createNativeQuery("""
                                update fine_tuning_job
                                set lease_until = null, not_before = now() + make_interval(secs => :pause)
                                where id = :id and lease_token = :token
                                """)
                .setParameter("pause", seconds(pause))
                .setParameter("id", claim.job().value())
                .setParameter("token", claim.token())
                .executeUpdate());
    }

    @Override
    public Set<JobId> unfinished() {
        try (Connection connection = worker.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select id from fine_tuning_job where state in ('VALIDATING_FILES', 'QUEUED', 'RUNNING')");
                ResultSet row = statement.executeQuery()) {
            Set<JobId> ids = new HashSet<>();
            while (row.next()) {
                ids.add(new JobId(row.getString(1)));
            }
            return ids;
        } catch (SQLException e) {
            throw new JDBCConnectionException("cannot list jobs", e);
        }
    }

    private <T> T inTenant(ClaimedJob claim, Callable<T> work) {
        return tenants.callAs(
                claim.tenant(), () -> QuarkusTransaction.requiringNew().call(work));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
