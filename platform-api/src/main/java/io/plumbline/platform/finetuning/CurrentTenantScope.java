package io.plumbline.platform.finetuning;

import io.plumbline.finetune.job.TenantScope;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.function.Supplier;

/** Lets the runner act as the tenant whose job it works on. */
@ApplicationScoped
class CurrentTenantScope implements TenantScope {
    private final CurrentTenant currentTenant;

    @Inject
    CurrentTenantScope(CurrentTenant currentTenant) {
        this.currentTenant = currentTenant;
    }

    @Override
    public <T> T callAs(TenantId tenant, Supplier<T> work) {
        return currentTenant.<T, RuntimeException>callAs(tenant, work::get);
    }
}
