package io.plumbline.platform.screening;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Set;

/** The tenant's own choice of rules, for uploads and for models that are used without a deployment. */
@ApplicationScoped
public class ScreeningPolicies {
    private final EntityManager entities;
    private final Clock clock;

    @Inject
    ScreeningPolicies(EntityManager entities, Clock clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /** The policy of the current tenant; the floor until one was chosen. */
    @Transactional
    public ScreeningPolicy of(TenantId tenant) {
        ScreeningPolicyEntity row = entities.find(ScreeningPolicyEntity.class, tenant.value());
        return row == null ? ScreeningPolicy.FLOOR : new ScreeningPolicy(Set.of(row.packs), row.audience);
    }

    @Transactional
    public void choose(Caller caller, ScreeningPolicy policy) {
        ScreeningPolicyEntity row = new ScreeningPolicyEntity();
        row.tenant = caller.tenant().value();
        row.packs = policy.packs().stream().sorted().toArray(String[]::new);
        row.audience = policy.audience();
        row.updatedBy = caller.subject();
        row.updatedAt = clock.instant();
        entities.merge(row);
    }
}
