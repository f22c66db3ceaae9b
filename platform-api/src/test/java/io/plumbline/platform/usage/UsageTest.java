package io.plumbline.platform.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.outbox.Inbox;
import io.plumbline.platform.outbox.PoisonMessage;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

@PlatformTest
class UsageTest {
    private static final TenantId HOSPITAL = TenantId.of("hospital");
    private static final Caller CALLER = new Caller(HOSPITAL, "test", Set.of(Scope.INFERENCE));

    @Inject
    Usage usage;

    @Inject
    CurrentTenant currentTenant;

    @Inject
    Inbox inbox;

    @Inject
    AgroalDataSource app;

    private String settle(Tokens... requests) {
        String model = "model-" + UUID.randomUUID();
        currentTenant.runAs(HOSPITAL, () -> {
            for (Tokens tokens : requests) {
                Reservation reservation =
                        usage.reserve(CALLER, "chatcmpl-" + UUID.randomUUID(), model, new Tokens(100, 100, 0));
                usage.settle(reservation, tokens);
            }
        });
        return model;
    }

    @Test
    void theLedgerShowsSettledRequestsOfTheTenantOnly() {
        String model = settle(new Tokens(7, 5, 2), new Tokens(3, 1, 0));

        String line = "data.find { it.group == '%s' }.".formatted(model);
        Callers.as("auditor@hospital.example")
                .get("/api/v1/usage?group_by=model")
                .then()
                .statusCode(200)
                .body(line + "requests", equalTo(2))
                .body(line + "prompt_tokens", equalTo(10))
                .body(line + "completion_tokens", equalTo(6))
                .body(line + "cached_tokens", equalTo(2))
                .body(line + "total_tokens", equalTo(16));
        Callers.as("auditor@hospital.example")
                .get("/api/v1/usage?group_by=subject")
                .then()
                .statusCode(200)
                .body("data.group", hasItem("test"));
        Callers.as("auditor@hospital.example")
                .get("/api/v1/usage?group_by=day")
                .then()
                .statusCode(200)
                .body("data.group", hasItem(LocalDate.now(ZoneOffset.UTC).toString()));
        Callers.as("auditor@broker.example")
                .get("/api/v1/usage?group_by=model")
                .then()
                .statusCode(200)
                .body("data.group", not(hasItem(model)));
    }

    @Test
    void usageNeedsItsScopeAndGoodParameters() {
        Callers.as("reviewer@factory.example").get("/api/v1/usage").then().statusCode(403);
        Callers.withKey(Callers.key("hospital", "inference"))
                .get("/api/v1/usage")
                .then()
                .statusCode(403)
                .body("error.code", equalTo("missing_scope"));
        for (String query : List.of("from=yesterday", "group_by=colour", "from=2026-02-02&to=2026-02-01")) {
            Callers.as("auditor@hospital.example")
                    .get("/api/v1/usage?" + query)
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void eventsReachTheDailyTotalsThroughTheBroker() {
        String model = settle(new Tokens(7, 5, 2), new Tokens(3, 1, 0));

        Eventually.until("the totals of " + model, () -> Callers.as("auditor@hospital.example")
                .get("/api/v1/usage/daily")
                .then()
                .statusCode(200)
                .body("data.find { it.model == '%s' }.requests".formatted(model), equalTo(2))
                .body("data.find { it.model == '%s' }.prompt_tokens".formatted(model), equalTo(10)));
    }

    @Test
    void anEventThatIsDeliveredTwiceCountsOnce() throws SQLException {
        String message = """
                {"id": "%s", "type": "test", "version": 1, "tenant": "hospital", "time": "2026-01-01T00:00:00Z", "data": {}}
                """.formatted(UUID.randomUUID());
        int[] handled = {0};

        inbox.receive("test", message, (connection, event) -> handled[0]++);
        inbox.receive("test", message, (connection, event) -> handled[0]++);

        assertThat(handled[0]).isEqualTo(1);
    }

    @Test
    void anEventWhoseHandlingFailedIsHandledAgain() throws SQLException {
        String message = """
                {"id": "%s", "type": "test", "version": 1, "tenant": "hospital", "time": "2026-01-01T00:00:00Z", "data": {}}
                """.formatted(UUID.randomUUID());
        int[] handled = {0};

        assertThatThrownBy(() -> inbox.receive("test", message, (connection, event) -> {
                    throw new SQLException("away");
                }))
                .hasMessage("away");
        inbox.receive("test", message, (connection, event) -> handled[0]++);

        assertThat(handled[0]).isEqualTo(1);
    }

    @Test
    void whatIsNoEventIsPoison() {
        assertThatThrownBy(() -> inbox.receive("test", "{\"half\": ", (connection, event) -> {}))
                .isInstanceOf(PoisonMessage.class);
    }

    @Test
    void aMessageThatIsNoEventGoesToTheDeadLetters() {
        String poison = "no event " + UUID.randomUUID();
        Map<String, Object> settings = Map.of("bootstrap.servers", System.getenv("PLUMBLINE_KAFKA"));
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("plumbline.usage", poison)).get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException(e);
        }

        Map<String, Object> reading = Map.of(
                "bootstrap.servers",
                System.getenv("PLUMBLINE_KAFKA"),
                "group.id",
                "test-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest",
                "metadata.max.age.ms",
                "1000");
        List<String> dead = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(reading, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("plumbline.usage.dead-letter"));
            Eventually.until("the dead letter", () -> {
                consumer.poll(Duration.ofMillis(200)).forEach(letter -> dead.add(letter.value()));
                assertThat(dead).contains(poison);
            });
        }
    }

    @Test
    void nobodyButTheOwnerChangesTheLedger() {
        settle(new Tokens(1, 1, 0));
        for (String sql : List.of("update usage_entry set prompt_tokens = 0", "delete from usage_entry")) {
            assertThatThrownBy(() -> currentTenant.callAs(HOSPITAL, () -> execute(sql)))
                    .hasMessageContaining("permission denied");
        }
    }

    private int execute(String sql) throws SQLException {
        try (Connection connection = app.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
