package io.plumbline.platform.dataset.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.dataset.TrainingFile;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * OpenAI's file object; {@code rows} and {@code sha256} are ours.
 *
 * @param createdAt Unix seconds
 * @param status always {@code processed}: a file is stored only after all checks
 */
@Schema(name = "File")
public record FileView(
        String id,
        String object,
        long bytes,
        @JsonProperty("created_at") long createdAt,
        String filename,
        String purpose,
        String status,
        int rows,
        String sha256) {
    static FileView of(TrainingFile file) {
        return new FileView(
                file.id(),
                "file",
                file.bytes(),
                file.createdAt().getEpochSecond(),
                file.filename(),
                file.purpose().wireName(),
                "processed",
                file.rows(),
                file.content().hex());
    }
}
