package io.plumbline.platform.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.plumbline.compliance.audit.Damage;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the database refuses, and what is found when its owner changes the log all the same. */
@PlatformTest
class StoredLogTest {
    private final TenantId tenant = TenantId.of(Ids.create("log-"));

    @Inject
    AgroalDataSource app;

    @Inject
    @DataSource("worker")
    AgroalDataSource worker;

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

    /** Ten entries under three heads: 4, 8, 10. */
    @BeforeEach
    void log() throws SQLException {
        scheduler.pause(AuditSequencer.SCHEDULE);
        AuditDatabase.stage(tenant, 10);
        SequencerRound round = new SequencerRound(worker, keys::signingKey, json, clock);
        for (int expected : new int[] {4, 4, 2}) {
            assertThat(round.run(tenant, 4)).isEqualTo(expected);
        }
        assertThat(verify().intact()).isTrue();
    }

    @AfterEach
    void resume() {
        scheduler.resume(AuditSequencer.SCHEDULE);
    }

    private LogVerification verify() {
        return currentTenant.<LogVerification, RuntimeException>callAs(tenant, trail::verify);
    }

    private Damage damageAfter(String sql) throws SQLException {
        assertThat(AuditDatabase.tamper(sql.replace(":tenant", "'" + tenant + "'")))
                .isPositive();
        LogVerification verification = verify();
        assertThat(verification.intact()).isFalse();
        return verification.damage().orElseThrow();
    }

    @Test
    void oneFlippedByteOfAnEntryIsFoundAndLocated() throws SQLException {
        Damage damage = damageAfter(
                "update audit_entry set entry = set_byte(entry, 40, get_byte(entry, 40) # 1) where tenant = :tenant and index = 5");
        assertThat(damage.index()).hasValue(5);
        assertThat(damage.part()).isEqualTo("entry");
        assertThat(verify().entries()).isEqualTo(4);
    }

    @Test
    void aFlippedByteOfALeafHashIsFoundAndLocated() throws SQLException {
        Damage damage = damageAfter(
                "update audit_entry set leaf_hash = set_byte(leaf_hash, 0, get_byte(leaf_hash, 0) # 128) where tenant = :tenant and index = 9");
        assertThat(damage.index()).hasValue(9);
    }

    /** The act itself, told otherwise, its leaf hash with it. */
    @Test
    void anEntryRewrittenWithItsHashIsFound() throws SQLException {
        Damage damage = damageAfter("""
                update audit_entry set entry = changed, leaf_hash = sha256('\\x00'::bytea || changed)
                from (select convert_to(replace(convert_from(entry, 'UTF8'), 'target-7', 'target-8'), 'UTF8') as changed
                      from audit_entry where tenant = :tenant and index = 6) as c
                where tenant = :tenant and index = 6
                """);
        assertThat(damage.part()).isIn("node", "columns");
        assertThat(damage.index().orElseThrow()).isEqualTo(6);
    }

    @Test
    void otherDamageIsFoundAndLocated() throws SQLException {
        Damage columns = damageAfter("update audit_entry set actor = 'nobody' where tenant = :tenant and index = 3");
        assertThat(columns.index()).hasValue(3);
        assertThat(columns.part()).isEqualTo("columns");
        AuditDatabase.tamper("update audit_entry set actor = 'test' where tenant = ?", tenant.value());

        Damage node = damageAfter(
                "update audit_node set hash = set_byte(hash, 7, get_byte(hash, 7) # 1) where tenant = :tenant and level = 1 and index = 1");
        assertThat(node.message()).contains("over the entries 2 to 3");
    }

    @Test
    void aChangedTreeHeadIsFound() throws SQLException {
        Damage damage = damageAfter(
                "update audit_tree_head set signature = set_byte(signature, 1, get_byte(signature, 1) # 1) where tenant = :tenant and number = 2");
        assertThat(damage.part()).isEqualTo("tree_head");
        assertThat(damage.message()).contains("tree head 2 (size 8)", "signature");
    }

    @Test
    void aValueThatCannotBeIsDamageToo() throws SQLException {
        Damage damage = damageAfter("update audit_tree_head set key_id = 'x' where tenant = :tenant and number = 2");
        assertThat(damage.message()).contains("tree head", "unreadable");
    }

    @Test
    void aMissingEntryIsFound() throws SQLException {
        Damage damage = damageAfter("delete from audit_entry where tenant = :tenant and index = 2");
        assertThat(damage.index()).hasValue(2);
        assertThat(damage.message()).contains("it is missing");
    }

    @Test
    void aMissingTreeHeadIsFound() throws SQLException {
        assertThat(damageAfter("delete from audit_tree_head where tenant = :tenant and number = 3")
                        .message())
                .contains("no tree head covers it");
    }

    @Test
    void noRoleMayChangeTheLogAndTheOwnerIsStoppedToo() {
        for (String table : List.of("audit_entry", "audit_node", "audit_tree_head", "audit_key")) {
            for (String sql : List.of("delete from " + table, "truncate " + table)) {
                assertThatThrownBy(() -> AuditDatabase.executeAsOwner(sql))
                        .as(sql)
                        .hasMessageContaining("append-only");
                assertThatThrownBy(() -> execute(worker, sql)).as(sql).hasMessageContaining("permission denied");
                assertThatThrownBy(() -> execute(app, sql)).as(sql).hasMessageContaining("permission denied");
            }
        }
        assertThatThrownBy(() -> AuditDatabase.executeAsOwner("update audit_entry set actor = 'x'"))
                .hasMessageContaining("append-only");
        assertThatThrownBy(() -> execute(app, "insert into audit_entry select * from audit_entry"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> execute(app, "select * from audit_staged")).hasMessageContaining("permission denied");
    }

    private static void execute(AgroalDataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
