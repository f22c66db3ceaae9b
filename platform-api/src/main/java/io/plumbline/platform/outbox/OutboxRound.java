package io.plumbline.platform.outbox;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One look into the outbox: read, send, mark. What is not marked is sent again: at least once. */
@ApplicationScoped
class OutboxRound {
    /** Only one publisher at a time, however many processes: two could overtake each other within a key. */
    private static final String LOCK = "select pg_try_advisory_xact_lock(hashtext('plumbline.outbox'))";

    private static final String READ = "select seq, topic, event_key, payload from outbox where published_at is null"
            + " order by seq limit ? for update skip locked";
    private static final String MARK = "update outbox set published_at = now() where seq = any (?)";

    private final AgroalDataSource worker;
    private final EventSender sender;
    private final OutboxConfig config;

    @Inject
    OutboxRound(@DataSource("worker") AgroalDataSource worker, EventSender sender, OutboxConfig config) {
        this.worker = worker;
        this.sender = sender;
        this.config = config;
    }

    /**
     * How a round went.
     *
     * @param read events found waiting
     * @param sent events that the broker confirmed
     */
    record Outcome(int read, int sent) {
        boolean failed() {
            return sent < read;
        }

        boolean mayHaveMore(int batch) {
            return !failed() && read == batch;
        }
    }

    Outcome run() throws SQLException {
        try (Connection connection = worker.getConnection()) {
            connection.setAutoCommit(false);
            try {
                Outcome outcome = run(connection);
                connection.commit();
                return outcome;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        }
    }

    private Outcome run(Connection connection) throws SQLException {
        if (!lock(connection)) {
            return new Outcome(0, 0);
        }
        List<WaitingEvent> events = read(connection);
        Set<Long> sent = sendInOrder(events, sender);
        mark(connection, sent);
        return new Outcome(events.size(), sent.size());
    }

    /** The next event of a key is sent only when the broker has the one before; different keys go together. */
    static Set<Long> sendInOrder(List<WaitingEvent> events, EventSender sender) {
        Map<String, Deque<WaitingEvent>> waiting = new LinkedHashMap<>();
        events.forEach(event -> waiting.computeIfAbsent(event.topic() + ' ' + event.key(), key -> new ArrayDeque<>())
                .add(event));
        Set<Long> stored = new HashSet<>();
        while (!waiting.isEmpty()) {
            Set<Long> confirmed =
                    sender.send(waiting.values().stream().map(Deque::getFirst).toList());
            stored.addAll(confirmed);
            waiting.values()
                    .removeIf(key -> !confirmed.contains(key.removeFirst().seq()) || key.isEmpty());
        }
        return stored;
    }

    private static boolean lock(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(LOCK);
                ResultSet result = statement.executeQuery()) {
            return result.next() && result.getBoolean(1);
        }
    }

    private List<WaitingEvent> read(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(READ)) {
            statement.setInt(1, config.batch());
            try (ResultSet rows = statement.executeQuery()) {
                List<WaitingEvent> events = new ArrayList<>();
                while (rows.next()) {
                    events.add(
                            new WaitingEvent(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getString(4)));
                }
                return events;
            }
        }
    }

    private static void mark(Connection connection, Set<Long> sent) throws SQLException {
        if (sent.isEmpty()) {
            return;
        }
        try (PreparedStatement statement = connection.prepareStatement(MARK)) {
            Array ids = connection.createArrayOf("bigint", sent.toArray());
            statement.setArray(1, ids);
            statement.executeUpdate();
        }
    }
}
