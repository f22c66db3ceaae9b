package io.plumbline.platform.deployment.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;
import java.util.List;

/**
 * A deployment entered a state.
 *
 * @param deployment its id
 * @param model the name that callers use
 * @param state the state now
 * @param audience public or professional
 * @param packs rules turned on
 * @param by subject of whoever asked for it
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DeploymentChanged(
        String deployment, String model, String state, String audience, List<String> packs, String by)
        implements OutboxEvent {
    /** {@link #type} of this event. */
    public static final String TYPE = "deployment.changed";

    @Override
    public Topic topic() {
        return Topic.DEPLOYMENTS;
    }

    /** In order per model: what a name means is decided by its last event. */
    @Override
    public String key() {
        return model;
    }

    @Override
    public String type() {
        return TYPE;
    }
}
