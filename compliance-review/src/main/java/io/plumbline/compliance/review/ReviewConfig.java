package io.plumbline.compliance.review;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Times of the review queue. */
@ConfigMapping(prefix = "plumbline.review")
public interface ReviewConfig {
    /** How long a claim holds without renewal. */
    @WithDefault("5m")
    Duration lease();

    /** How long a case waits for a decision; then nothing is released. */
    @WithDefault("24h")
    Duration deadline();

    /** The same for severity 1. */
    @WithDefault("4h")
    Duration deadlineSeverity1();

    /** How often deadlines are looked at. */
    @WithDefault("30s")
    Duration expiryCheck();

    /** The time a case of this severity has. */
    default Duration deadline(int severity) {
        return severity == 1 ? deadlineSeverity1() : deadline();
    }
}
