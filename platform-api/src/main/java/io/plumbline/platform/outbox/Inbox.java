package io.plumbline.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/** Lets a consumer deal with each event once, however often it is delivered. */
@ApplicationScoped
public class Inbox {
    private static final String MARK =
            "insert into inbox (consumer, event_id, received_at) values (?, ?, now()) on conflict do nothing";

    private final AgroalDataSource worker;
    private final ObjectMapper json;

    @Inject
    Inbox(@DataSource("worker") AgroalDataSource worker, ObjectMapper json) {
        this.worker = worker;
        this.json = json;
    }

    /** What a consumer does with an event, in the transaction that marks the event as read. */
    @FunctionalInterface
    public interface Handler {
        void handle(Connection connection, EventMessage event) throws SQLException;
    }

    /**
     * Handles a message unless the consumer has handled it before.
     *
     * @param consumer name of the consumer
     * @throws PoisonMessage if it is no event; trying again would not help
     * @throws SQLException if the database failed; trying again will help
     */
    public void receive(String consumer, String message, Handler handler) throws SQLException {
        EventMessage event = parse(message);
        try (Connection connection = worker.getConnection()) {
            connection.setAutoCommit(false);
            try {
                if (mark(connection, consumer, event.id())) {
                    handler.handle(connection, event);
                }
                connection.commit();
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private EventMessage parse(String message) {
        try {
            return json.readValue(message, EventMessage.class);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new PoisonMessage("not an event", e);
        }
    }

    private static boolean mark(Connection connection, String consumer, UUID event) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            statement.setString(1, consumer);
            statement.setObject(2, event);
            return statement.executeUpdate() == 1;
        }
    }
}
