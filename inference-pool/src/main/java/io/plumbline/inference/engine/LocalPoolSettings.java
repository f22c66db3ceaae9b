package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.BackendOptions;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Settings of a {@link LocalInferencePool}.
 *
 * @param models directory with base models, {@code NAME.gguf} each
 * @param backend name of the kernel backend, or {@code auto}
 * @param backendOptions threads of the backend
 * @param limits of every engine
 * @param modelMemory bytes that all loaded models may take together; empty = whatever the machine has
 */
public record LocalPoolSettings(
        Path models, String backend, BackendOptions backendOptions, EngineLimits limits, OptionalLong modelMemory) {
    public LocalPoolSettings {
        if (modelMemory.orElse(1) < 1) {
            throw new IllegalArgumentException("models cannot do with " + modelMemory.getAsLong() + " bytes");
        }
    }

    /** The best backend with all processors, limits for a small machine, and no limit of memory. */
    public static LocalPoolSettings of(Path models) {
        return new LocalPoolSettings(
                models, "auto", BackendOptions.defaults(), EngineLimits.defaults(), OptionalLong.empty());
    }
}
