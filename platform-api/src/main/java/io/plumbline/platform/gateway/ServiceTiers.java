package io.plumbline.platform.gateway;

import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Set;

/** Which tenants are served ahead of others where they ask for it. */
@ApplicationScoped
class ServiceTiers {
    private final Set<String> ahead;

    @Inject
    ServiceTiers(GatewayConfig config) {
        this.ahead = Set.copyOf(config.priorityTenants().orElse(List.of()));
    }

    /** The tier by which an answer is served; as OpenAI does, one that is not to be had becomes the default. */
    ServiceTier granted(TenantId tenant, ServiceTier asked) {
        return switch (asked) {
            case DEFAULT, FLEX -> asked;
            case PRIORITY -> ahead.contains(tenant.value()) ? asked : ServiceTier.DEFAULT;
        };
    }
}
