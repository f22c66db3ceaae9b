package io.plumbline.platform.tenant;

import io.plumbline.inference.TenantId;
import io.quarkus.hibernate.orm.PersistenceUnitExtension;
import io.quarkus.hibernate.orm.runtime.tenant.TenantResolver;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;

/** Tells Hibernate which rows its sessions may see ({@link org.hibernate.annotations.TenantId}). */
@PersistenceUnitExtension
@RequestScoped
class TenantOfSession implements TenantResolver {
    /** Not a tenant id, so it matches no row. */
    private static final String NOBODY = "";

    private final CurrentTenant tenant;

    @Inject
    TenantOfSession(CurrentTenant tenant) {
        this.tenant = tenant;
    }

    @Override
    public String getDefaultTenantId() {
        return NOBODY;
    }

    @Override
    public String resolveTenantId() {
        return tenant.get().map(TenantId::value).orElse(NOBODY);
    }
}
