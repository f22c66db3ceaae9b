package io.plumbline.platform.finetuning.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.finetune.job.JobEvent;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * OpenAI's event of a fine-tuning job.
 *
 * @param createdAt Unix seconds
 * @param level info, warn or error
 * @param type message or metrics
 * @param data the figures of metrics; null for messages
 */
@Schema(name = "FineTuningJobEvent")
public record EventView(
        String object,
        String id,
        @JsonProperty("created_at") long createdAt,
        String level,
        String message,
        String type,
        @Nullable Map<String, Number> data) {
    static EventView of(JobEvent event) {
        return new EventView(
                "fine_tuning.job.event",
                event.id(),
                event.createdAt().getEpochSecond(),
                event.level().name().toLowerCase(Locale.ROOT),
                event.message(),
                event.type().name().toLowerCase(Locale.ROOT),
                event.data().isEmpty() ? null : event.data());
    }
}
