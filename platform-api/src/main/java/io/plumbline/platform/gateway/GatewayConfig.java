package io.plumbline.platform.gateway;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Settings of the gateway. */
@ConfigMapping(prefix = "plumbline.gateway")
public interface GatewayConfig {
    /** Tenants whose {@code service_tier: priority} is served ahead of others, as {@code hospital,factory}; empty = none. */
    Optional<List<String>> priorityTenants();
}
