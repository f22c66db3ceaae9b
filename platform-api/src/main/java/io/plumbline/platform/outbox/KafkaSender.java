package io.plumbline.platform.outbox;

import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends to Kafka. A producer that failed is thrown away: after a fatal error it would refuse for ever. */
@ApplicationScoped
class KafkaSender implements EventSender {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSender.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, Object> settings;
    private final OutboxConfig config;
    private @Nullable Producer<String, String> producer;
    private boolean topicsExist;

    @Inject
    KafkaSender(@Identifier("default-kafka-broker") Map<String, Object> settings, OutboxConfig config) {
        this.settings = Map.copyOf(settings);
        this.config = config;
    }

    @Override
    public synchronized Set<Long> send(List<WaitingEvent> events) {
        Set<Long> stored = new HashSet<>();
        try {
            createTopics();
            Producer<String, String> current = producer();
            Map<WaitingEvent, Future<RecordMetadata>> pending = new LinkedHashMap<>();
            for (WaitingEvent event : events) {
                pending.put(event, current.send(new ProducerRecord<>(event.topic(), event.key(), event.payload())));
            }
            for (Map.Entry<WaitingEvent, Future<RecordMetadata>> entry : pending.entrySet()) {
                entry.getValue().get();
                stored.add(entry.getKey().seq());
            }
        } catch (ExecutionException | KafkaException e) {
            LOG.warn("Kafka did not take the events, they wait: {}", reason(e));
            discard();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            discard();
        }
        return stored;
    }

    private Producer<String, String> producer() {
        if (producer == null) {
            Map<String, Object> properties = new HashMap<>(settings);
            int timeout = Math.toIntExact(config.deliveryTimeout().toMillis());
            properties.put(ProducerConfig.CLIENT_ID_CONFIG, "plumbline-outbox");
            properties.put(ProducerConfig.ACKS_CONFIG, "all");
            properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeout / 2);
            properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, timeout);
            properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (long) timeout);
            properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
            producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        }
        return producer;
    }

    private void createTopics() throws ExecutionException, InterruptedException {
        if (topicsExist) {
            return;
        }
        Map<String, Object> properties = new HashMap<>(settings);
        properties.put(
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                Math.toIntExact(config.deliveryTimeout().toMillis()));
        properties.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Math.toIntExact(config.deliveryTimeout().toMillis()) / 2);
        try (Admin admin = Admin.create(properties)) {
            List<NewTopic> topics = Arrays.stream(Topic.values())
                    .map(topic -> new NewTopic(topic.wireName(), Optional.of(config.partitions()), Optional.empty()))
                    .toList();
            for (var created : admin.createTopics(topics).values().values()) {
                awaitCreation(created);
            }
        }
        topicsExist = true;
    }

    private static void awaitCreation(Future<Void> created) throws ExecutionException, InterruptedException {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private static String reason(Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause.toString();
    }

    @PreDestroy
    synchronized void discard() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
            producer = null;
        }
        topicsExist = false;
    }
}
