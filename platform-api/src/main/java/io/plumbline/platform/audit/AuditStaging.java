package io.plumbline.platform.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;

/** Keeps an act within the transaction that makes it true: one insert; index, hash and signature come later. */
@ApplicationScoped
class AuditStaging {
    private static final String INSERT =
            "insert into audit_staged (tenant, occurred_at, type, actor, target, facts, digests)"
                    + " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

    private final EntityManager entities;
    private final ObjectMapper json;
    private final CurrentTenant currentTenant;
    private final Clock clock;

    @Inject
    AuditStaging(EntityManager entities, ObjectMapper json, CurrentTenant currentTenant, Clock clock) {
        this.entities = entities;
        this.json = json;
        this.currentTenant = currentTenant;
        this.clock = clock;
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void onAct(@Observes AuditableAct act) {
        String tenant = currentTenant
                .get()
                .map(TenantId::value)
                .orElseThrow(() -> new IllegalStateException("an act belongs to a tenant, and none is current"));
        entities.createNativeQuery(INSERT)
                .setParameter(1, tenant)
                .setParameter(2, clock.instant())
                .setParameter(3, act.type())
                .setParameter(4, act.actor())
                .setParameter(5, act.target())
                .setParameter(6, text(act.facts()))
                .setParameter(7, text(act.digests()))
                .executeUpdate();
    }

    private String text(Map<String, String> members) {
        try {
            return json.writeValueAsString(new TreeMap<>(members));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the facts of an act cannot be written as JSON", e);
        }
    }
}
