package io.plumbline.platform.dataset;

import io.plumbline.platform.blob.Sha256;
import java.time.Instant;

/**
 * An uploaded file; its content never changes.
 *
 * @param id as {@code file-…}
 * @param filename as uploaded
 * @param purpose what it is for
 * @param content address of its bytes
 * @param rows conversations in it
 */
public record TrainingFile(
        String id,
        String filename,
        Purpose purpose,
        Sha256 content,
        long bytes,
        int rows,
        String createdBy,
        Instant createdAt) {}
