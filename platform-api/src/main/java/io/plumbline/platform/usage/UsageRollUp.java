package io.plumbline.platform.usage;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.platform.outbox.EventMessage;
import io.plumbline.platform.outbox.Inbox;
import io.plumbline.platform.outbox.PoisonMessage;
import io.plumbline.platform.usage.event.UsageSettled;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import org.eclipse.microprofile.faulttolerance.Retry;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Adds settled requests to the totals of their day, each once. */
@ApplicationScoped
class UsageRollUp {
    private static final String NAME = "usage-roll-up";
    private static final String ADD = """
            insert into usage_day (tenant, day, model, requests, prompt_tokens, completion_tokens, cached_tokens)
            values (?, ?, ?, 1, ?, ?, ?)
            on conflict (tenant, day, model) do update set
                requests = usage_day.requests + 1,
                prompt_tokens = usage_day.prompt_tokens + excluded.prompt_tokens,
                completion_tokens = usage_day.completion_tokens + excluded.completion_tokens,
                cached_tokens = usage_day.cached_tokens + excluded.cached_tokens
            """;

    private final Inbox inbox;

    @Inject
    UsageRollUp(Inbox inbox) {
        this.inbox = inbox;
    }

    /** Without limit while the database is away; a message that is no event goes to the dead-letter topic at once. */
    @Incoming("usage-events")
    @RunOnVirtualThread
    @Retry(
            maxRetries = -1,
            maxDuration = 0,
            delay = 1,
            delayUnit = ChronoUnit.SECONDS,
            jitter = 200,
            retryOn = SQLException.class)
    void receive(String message) throws SQLException {
        inbox.receive(NAME, message, UsageRollUp::add);
    }

    private static void add(Connection connection, EventMessage event) throws SQLException {
        if (!event.type().equals(UsageSettled.TYPE)) {
            return;
        }
        if (event.version() != 1) {
            throw new PoisonMessage("usage.settled of version " + event.version(), null);
        }
        JsonNode data = event.data();
        try (PreparedStatement statement = connection.prepareStatement(ADD)) {
            statement.setString(1, event.tenant());
            statement.setDate(2, Date.valueOf(LocalDate.parse(data.path("day").asText())));
            statement.setString(3, data.path("model").asText());
            statement.setLong(4, data.path("prompt_tokens").asLong());
            statement.setLong(5, data.path("completion_tokens").asLong());
            statement.setLong(6, data.path("cached_tokens").asLong());
            statement.executeUpdate();
        }
    }
}
