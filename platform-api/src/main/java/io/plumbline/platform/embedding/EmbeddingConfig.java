package io.plumbline.platform.embedding;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.OptionalInt;

/** How much of the machine embeddings may use. */
@ConfigMapping(prefix = "plumbline.embedding")
public interface EmbeddingConfig {
    /** Texts computed at a time; empty = half of the processors, the others being the language models'. */
    OptionalInt threads();

    /** Requests under way, waiting ones included; more are refused with 429. */
    @WithDefault("64")
    int maxRequests();
}
