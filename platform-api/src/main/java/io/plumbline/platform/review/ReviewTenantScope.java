package io.plumbline.platform.review;

import io.plumbline.compliance.review.TenantScope;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** Lets the deadline job act as the tenant whose case it ends. */
@ApplicationScoped
class ReviewTenantScope implements TenantScope {
    private final CurrentTenant currentTenant;

    @Inject
    ReviewTenantScope(CurrentTenant currentTenant) {
        this.currentTenant = currentTenant;
    }

    @Override
    public <T> T callAs(TenantId tenant, Supplier<T> work) {
        return currentTenant.<T, RuntimeException>callAs(tenant, work::get);
    }
}
