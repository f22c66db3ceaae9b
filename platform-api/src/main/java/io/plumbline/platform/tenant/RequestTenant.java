package io.plumbline.platform.tenant;

import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tenant of one HTTP request. */
@RequestScoped
class RequestTenant {
    private @Nullable TenantId tenant;

    Optional<TenantId> get() {
        return Optional.ofNullable(tenant);
    }

    void set(TenantId newTenant) {
        if (tenant != null && !tenant.equals(newTenant)) {
            throw new IllegalStateException("the tenant of a request cannot change");
        }
        tenant = newTenant;
    }
}
