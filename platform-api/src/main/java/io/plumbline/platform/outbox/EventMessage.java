package io.plumbline.platform.outbox;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * What lies in a topic, as JSON.
 *
 * @param id the same for every delivery of the event
 * @param type as {@code usage.settled}
 * @param version of the shape of {@code data}
 * @param tenant whose event it is
 * @param time when it was recorded
 * @param data the event's own fields
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventMessage(UUID id, String type, int version, String tenant, Instant time, JsonNode data) {}
