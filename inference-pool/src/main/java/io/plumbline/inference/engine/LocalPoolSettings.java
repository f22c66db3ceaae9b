package io.plumbline.inference.engine;

import io.plumbline.inference.kernel.BackendOptions;
import java.nio.file.Path;

/**
 * Settings of a {@link LocalInferencePool}.
 *
 * @param models directory with base models, {@code NAME.gguf} each
 * @param backend name of the kernel backend, or {@code auto}
 * @param backendOptions threads of the backend
 * @param limits of every engine
 */
public record LocalPoolSettings(Path models, String backend, BackendOptions backendOptions, EngineLimits limits) {
    /** The best backend with all processors and limits for a small machine. */
    public static LocalPoolSettings of(Path models) {
        return new LocalPoolSettings(models, "auto", BackendOptions.defaults(), EngineLimits.defaults());
    }
}
