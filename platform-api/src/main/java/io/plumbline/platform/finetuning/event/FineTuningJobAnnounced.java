package io.plumbline.platform.finetuning.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.finetune.job.event.FineTuningJobChanged;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;
import org.jspecify.annotations.Nullable;

/**
 * A fine-tuning job entered a state.
 *
 * @param job its id
 * @param from the state before; null = it was created
 * @param to the state now
 * @param fineTunedModel the result; null unless it succeeded
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FineTuningJobAnnounced(
        String job,
        @Nullable String from,
        String to,
        @Nullable String fineTunedModel) implements OutboxEvent {
    /** {@link #type} of this event. */
    public static final String TYPE = "fine_tuning.job.changed";

    public static FineTuningJobAnnounced of(FineTuningJobChanged change) {
        return new FineTuningJobAnnounced(
                change.job().value(),
                change.from().map(state -> state.wireName()).orElse(null),
                change.to().wireName(),
                change.fineTunedModel().orElse(null));
    }

    @Override
    public Topic topic() {
        return Topic.JOBS;
    }

    @Override
    public String key() {
        return job;
    }

    @Override
    public String type() {
        return TYPE;
    }
}
