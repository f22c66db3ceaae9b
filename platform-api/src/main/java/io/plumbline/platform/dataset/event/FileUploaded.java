package io.plumbline.platform.dataset.event;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;

/** A file passed its checks and was stored. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record FileUploaded(String fileId, String purpose, String sha256, long bytes, int rows, String createdBy)
        implements OutboxEvent {
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
        return "file.uploaded";
    }
}
