package io.plumbline.platform.usage.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;
import java.time.LocalDate;

/**
 * A request's tokens were counted.
 *
 * @param requestId id of the answer
 * @param day UTC
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record UsageSettled(
        String requestId,
        String model,
        String subject,
        LocalDate day,
        long promptTokens,
        long completionTokens,
        long cachedTokens)
        implements OutboxEvent {
    /** {@link #type} of this event. */
    public static final String TYPE = "usage.settled";

    @Override
    public Topic topic() {
        return Topic.USAGE;
    }

    /** Sums do not depend on the order of their parts, so every request is its own key. */
    @Override
    public String key() {
        return requestId;
    }

    @Override
    public String type() {
        return TYPE;
    }
}
