package io.plumbline.platform.outbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** Takes events inside the transaction that makes them true: either both are committed, or neither is. */
@ApplicationScoped
public class Outbox {
    private final EntityManager entities;
    private final ObjectMapper json;
    private final CurrentTenant currentTenant;
    private final TransactionSynchronizationRegistry transactions;
    private final OutboxPublisher publisher;
    private final Clock clock;

    @Inject
    Outbox(
            EntityManager entities,
            ObjectMapper json,
            CurrentTenant currentTenant,
            TransactionSynchronizationRegistry transactions,
            OutboxPublisher publisher,
            Clock clock) {
        this.entities = entities;
        this.json = json;
        this.currentTenant = currentTenant;
        this.transactions = transactions;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Records an event of the current tenant; it is sent after the commit. */
    @Transactional(Transactional.TxType.MANDATORY)
    public void record(OutboxEvent event) {
        String tenant = currentTenant
                .get()
                .map(TenantId::value)
                .orElseThrow(() -> new IllegalStateException("an event belongs to a tenant, and none is current"));
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        OutboxEntity row = new OutboxEntity();
        row.eventId = id;
        row.topic = event.topic().wireName();
        row.eventKey = event.key();
        row.type = event.type();
        row.version = event.version();
        row.payload = text(new EventMessage(id, event.type(), event.version(), tenant, now, json.valueToTree(event)));
        row.createdAt = now;
        entities.persist(row);
        transactions.registerInterposedSynchronization(new AfterCommit(publisher));
    }

    private String text(EventMessage message) {
        try {
            return json.writeValueAsString(message);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("event %s cannot be written as JSON".formatted(message.type()), e);
        }
    }

    private record AfterCommit(OutboxPublisher publisher) implements Synchronization {
        @Override
        public void beforeCompletion() {
            // Only the commit matters.
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                publisher.wake();
            }
        }
    }
}
