package io.plumbline.platform.dataset;

import io.plumbline.platform.error.InvalidRequest;
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
    private static final int LONGEST_NAME = 255;

    /** @throws InvalidRequest if the file has no usable name; folders before it are cut off */
    public Upload {
        metadata = Map.copyOf(metadata);
        filename = baseName(filename.strip());
    }

    private static String baseName(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        if (base.isEmpty() || base.length() > LONGEST_NAME || base.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRequest(
                    "file", "The file part needs a file name of 1 to %d characters.".formatted(LONGEST_NAME));
        }
        return base;
    }
}
