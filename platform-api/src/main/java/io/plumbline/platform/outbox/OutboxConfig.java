package io.plumbline.platform.outbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How events leave. */
@ConfigMapping(prefix = "plumbline.outbox")
public interface OutboxConfig {
    /** Events read and sent in one round. */
    @WithDefault("200")
    int batch();

    /** How often the table is looked at when nothing woke the publisher. */
    @WithDefault("1s")
    Duration pollInterval();

    /** First pause after a failure; doubles up to {@link #maxBackOff}. */
    @WithDefault("500ms")
    Duration minBackOff();

    @WithDefault("15s")
    Duration maxBackOff();

    /** How long the broker may take to confirm one event before the round is given up and repeated. */
    @WithDefault("10s")
    Duration deliveryTimeout();

    /** How long sent events and read markers are kept, to send again should the broker lose its data. */
    @WithDefault("7d")
    Duration retention();

    /** Partitions of a topic that this creates. */
    @WithDefault("4")
    int partitions();
}
