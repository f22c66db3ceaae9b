package io.plumbline.platform.dataset;

import java.nio.file.Path;
import java.util.Map;

/**
 * A file that arrived and is not stored yet.
 *
 * @param file where it lies for the moment
 * @param filename as the caller calls it
 * @param metadata what rules of stage D look at, such as licence and consent
 */
public record Upload(Path file, String filename, Purpose purpose, Map<String, String> metadata) {
    public Upload {
        metadata = Map.copyOf(metadata);
    }
}
