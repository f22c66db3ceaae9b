package io.plumbline.platform.error.rest;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** How large request bodies may be. */
@ConfigMapping(prefix = "plumbline.body-limit")
public interface BodyLimitConfig {
    /** JSON bodies. */
    @WithDefault("4M")
    MemorySize json();

    /** Where uploads go: paths begin with one of these. */
    @WithDefault("/v1/files")
    List<String> uploadPaths();

    /** Uploads: 512 MiB of file, and the form around it. */
    @WithDefault("513M")
    MemorySize upload();
}
