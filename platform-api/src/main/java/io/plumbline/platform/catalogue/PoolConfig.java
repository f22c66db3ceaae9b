package io.plumbline.platform.catalogue;

import io.plumbline.inference.kernel.KeyValuePrecision;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

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

    /** How keys and values of running answers are kept: {@code float32}, or {@code int8} for 3.5 times less memory. */
    @WithDefault("float32")
    KeyValuePrecision keyValuePrecision();

    /** Memory of all loaded models together, as in {@code 2G}; beyond it, idle models leave. Empty = no limit. */
    Optional<MemorySize> modelMemory();

    /** Longest time from a request to the end of its answer; empty = as long as it takes. */
    Optional<Duration> timeLimit();

    /** How long a stopping process waits for the answers under way. */
    @WithDefault("20s")
    Duration drain();

    /** How much of an engine one tenant may have. */
    PerTenant perTenant();

    /** How many adapters of a model stay in memory. */
    ResidentAdapters adapters();

    /** Engines elsewhere, by a name for messages; a model placed on one is not served here. */
    Map<String, RemoteEngineConfig> remote();

    /** Limits of one tenant; empty = none but the protection of the others. */
    interface PerTenant {
        /** Unfinished requests at a time. */
        OptionalInt requests();

        /** Answers generated at a time. */
        OptionalInt running();

        /** Tokens of prompts and answers. */
        OptionalLong tokensPerMinute();
    }

    /** Beyond these, the adapter that was used longest ago leaves memory until it is wanted again. */
    interface ResidentAdapters {
        @WithDefault("256")
        int count();

        /** Memory of all of them. */
        @WithDefault("1G")
        MemorySize memory();
    }
}
