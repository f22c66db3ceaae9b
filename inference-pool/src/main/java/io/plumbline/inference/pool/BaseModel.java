package io.plumbline.inference.pool;

/**
 * A base model that the pool serves.
 *
 * @param id the name callers use
 * @param architecture as in the file, such as {@code llama}
 * @param contextLength positions
 * @param vocabulary tokens
 * @param sha256 digest of the model file, lower-case hex
 * @param chatTemplate whether the file brings one
 */
public record BaseModel(
        String id, String architecture, int contextLength, int vocabulary, String sha256, boolean chatTemplate) {}
