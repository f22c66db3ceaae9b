package io.plumbline.platform.dataset.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;

/** A file was deleted on request. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FileDeleted(String fileId, String sha256, String deletedBy) implements OutboxEvent {
    @Override
    public Topic topic() {
        return Topic.FILES;
    }

    @Override
    public String key() {
        return fileId;
    }

    @Override
    public String type() {
        return "file.deleted";
    }
}
