package io.plumbline.platform.screening;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The tenant's own choice of rules, for uploads and for models that are used without a deployment. */
@ApplicationScoped
public class ScreeningPolicies {
    private final EntityManager entities;
    private final Event<AuditableAct> acts;
    private final Clock clock;

    @Inject
    ScreeningPolicies(EntityManager entities, Event<AuditableAct> acts, Clock clock) {
        this.entities = entities;
        this.acts = acts;
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
        acts.fire(new AuditableAct(
                "screening_policy.chosen",
                caller.subject(),
                "screening-policy",
                Map.of(
                        "packs",
                        AuditableAct.shortened(String.join(",", row.packs)),
                        "audience",
                        row.audience.name().toLowerCase(Locale.ROOT)),
                Map.of()));
    }
}
