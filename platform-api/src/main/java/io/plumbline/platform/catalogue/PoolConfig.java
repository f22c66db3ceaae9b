package io.plumbline.platform.catalogue;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.OptionalInt;

/** Which models this installation serves, and on what. */
@ConfigMapping(prefix = "plumbline.pool")
public interface PoolConfig {
    /** Directory of base models: each {@code NAME.gguf} is the model NAME. */
    Path models();

    /** Name of a kernel backend, or {@code auto}. */
    @WithDefault("auto")
    String backend();

    /** Positions of the key/value cache, shared by the running answers of a model; also bounds the context. */
    OptionalInt cacheTokens();
}
