package io.plumbline.platform.screening;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** How texts are screened. */
@ConfigMapping(prefix = "plumbline.screening")
public interface ScreeningConfig {
    /**
     * Base 64 of at least 32 secret bytes, with which digests of found spans are keyed; with none, digests can be compared
     * within one run of the process only.
     */
    Optional<String> spanKey();
}
