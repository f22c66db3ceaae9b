package io.plumbline.inference.pool;

import java.util.List;

/**
 * A base model that the pool serves.
 *
 * @param id the name callers use
 * @param architecture as in the file, such as {@code llama}; {@code remote} for a model served elsewhere
 * @param contextLength positions
 * @param vocabulary tokens; 0 = not known, for a model served elsewhere
 * @param sha256 digest of the model file, lower-case hex; empty for a model served elsewhere that takes no adapters
 * @param chatTemplate whether the file brings one
 * @param targetModules the linear modules that an adapter may change, under the names of PEFT; empty = not known, for a
 *     model served elsewhere
 */
public record BaseModel(
        String id,
        String architecture,
        int contextLength,
        int vocabulary,
        String sha256,
        boolean chatTemplate,
        List<String> targetModules) {
    public BaseModel {
        targetModules = List.copyOf(targetModules);
    }
}
