package io.plumbline.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.MerkleTree;
import io.plumbline.compliance.audit.SigningKey;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.PlatformTest;
import io.quarkus.agroal.DataSource;
import io.quarkus.scheduler.Scheduler;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The sequencer by hand; the one of the application pauses meanwhile. */
@PlatformTest
class SequencerTest {
    private final TenantId tenant = TenantId.of(Ids.create("seq-"));

    @Inject
    @DataSource("worker")
    AgroalDataSource worker;

    @Inject
    AgroalDataSource app;

    @Inject
    AuditKeys keys;

    @Inject
    AuditTrail trail;

    @Inject
    CurrentTenant currentTenant;

    @Inject
    ObjectMapper json;

    @Inject
    Clock clock;

    @Inject
    Scheduler scheduler;

    @BeforeEach
    void pause() {
        scheduler.pause(AuditSequencer.SCHEDULE);
    }

    @AfterEach
    void resume() {
        scheduler.resume(AuditSequencer.SCHEDULE);
    }

    private SequencerRound round(Supplier<SigningKey> key) {
        return new SequencerRound(worker, key, json, clock);
    }

    private SequencerRound round() {
        return round(keys::signingKey);
    }

    private LogVerification verify() {
        return currentTenant.<LogVerification, RuntimeException>callAs(tenant, trail::verify);
    }

    private List<AuditEntry> entries() {
        return currentTenant.<List<AuditEntry>, RuntimeException>callAs(
                tenant, () -> trail.search(AuditQuery.newest(1000)).entries());
    }

    @Test
    void batchesFollowOneAnotherWithoutAGap() throws SQLException {
        AuditDatabase.stage(tenant, 25);
        assertThat(round().run(tenant, 10)).isEqualTo(10);
        assertThat(round().run(tenant, 10)).isEqualTo(10);
        assertThat(round().run(tenant, 10)).isEqualTo(5);
        assertThat(round().run(tenant, 10)).isZero();
        assertThat(entries().reversed())
                .extracting(AuditEntry::index)
                .containsExactlyElementsOf(
                        IntStream.range(0, 25).mapToObj(i -> (long) i).toList());
        assertThat(verify().intact()).isTrue();
        assertThat(verify().latest().orElseThrow().head().number()).isEqualTo(3);
    }

    @Test
    void aFailureBeforeTheSignatureLeavesTheActsWaiting() throws SQLException {
        AuditDatabase.stage(tenant, 5);
        round().run(tenant, 3);
        Supplier<SigningKey> broken = () -> {
            throw new IllegalStateException("the key file is gone");
        };
        assertThatThrownBy(() -> round(broken).run(tenant, 10)).hasMessageContaining("gone");
        assertThat(AuditDatabase.count("audit_entry", tenant, worker)).isEqualTo(3);
        assertThat(AuditDatabase.count("audit_staged", tenant, worker)).isEqualTo(2);
        assertThat(round().run(tenant, 10)).isEqualTo(2);
        assertThat(verify().entries()).isEqualTo(5);
    }

    /** As when the process is killed: PostgreSQL loses the connection in the middle of the round. */
    @Test
    void aConnectionThatDiesInBetweenLeavesNoHalfRound() throws SQLException {
        AuditDatabase.stage(tenant, 5);
        Supplier<SigningKey> killer = () -> {
            try (Connection connection = worker.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = current_user"
                        + " and state = 'idle in transaction' and query like 'insert into audit_%'");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            return keys.signingKey();
        };
        assertThatThrownBy(() -> round(killer).run(tenant, 10)).isInstanceOf(SQLException.class);
        assertThat(AuditDatabase.count("audit_entry", tenant, worker)).isZero();
        assertThat(AuditDatabase.count("audit_node", tenant, worker)).isZero();
        assertThat(round().run(tenant, 10)).isEqualTo(5);
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void severalSequencersAtOnceMakeOneLog() throws Exception {
        AuditDatabase.stage(tenant, 200);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = IntStream.range(0, 4)
                    .<Future<?>>mapToObj(i -> threads.submit(() -> {
                        while (AuditDatabase.count("audit_staged", tenant, worker) > 0) {
                            round().run(tenant, 7);
                        }
                        return true;
                    }))
                    .toList();
            for (Future<?> one : running) {
                one.get();
            }
        }
        assertThat(entries())
                .extracting(entry -> entry.act().target())
                .doesNotHaveDuplicates()
                .hasSize(200);
        LogVerification verification = verify();
        assertThat(verification.damage()).isEmpty();
        assertThat(verification.entries()).isEqualTo(200);
    }

    @Test
    void nothingIsAppendedToADamagedEnd() throws SQLException {
        AuditDatabase.stage(tenant, 6);
        round().run(tenant, 4);
        AuditDatabase.tamper("update audit_node set hash = sha256('x') where tenant = ? and level = 2", tenant.value());
        assertThatThrownBy(() -> round().run(tenant, 4))
                .isInstanceOf(SequencerRound.DamagedLog.class)
                .hasMessageContaining("does not have the root of its last tree head");
        assertThat(AuditDatabase.count("audit_staged", tenant, worker)).isEqualTo(2);
        try (Connection connection = worker.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("delete from audit_staged where tenant = '%s'".formatted(tenant));
        }
    }

    @Test
    void aProofFromALongLogReadsFewRows() throws SQLException {
        int size = 10_000;
        AuditDatabase.stage(tenant, size);
        for (int batch = 0; batch < 10; batch++) {
            assertThat(round().run(tenant, 1000)).isEqualTo(1000);
        }
        currentTenant.<Boolean, SQLException>callAs(tenant, () -> {
            try (Connection connection = app.getConnection()) {
                StoredNodes nodes = new StoredNodes(connection, tenant.value());
                int[] rows = new int[1];
                MerkleTree tree = new MerkleTree(wanted -> {
                    var found = nodes.read(wanted);
                    rows[0] += found.size();
                    return found;
                });
                tree.inclusion(5_000, size);
                assertThat(rows[0]).isBetween(10, 28);
            }
            return true;
        });
        assertThat(currentTenant.<List<String>, RuntimeException>callAs(
                        tenant,
                        () -> trail.proof(7_777, java.util.OptionalLong.empty()).problems()))
                .isEmpty();
        assertThat(verify().entries()).isEqualTo(size);
    }
}
