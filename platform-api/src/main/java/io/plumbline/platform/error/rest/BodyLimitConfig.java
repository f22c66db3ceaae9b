package io.plumbline.platform.error.rest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How large request bodies may be. */
@ConfigMapping(prefix = "plumbline.body-limit")
public interface BodyLimitConfig {
    /** JSON bodies. */
    @WithDefault("4M")
    MemorySize json();

    /** Uploads: 512 MiB of file, and the form around it. */
    @WithDefault("513M")
    MemorySize upload();
}
