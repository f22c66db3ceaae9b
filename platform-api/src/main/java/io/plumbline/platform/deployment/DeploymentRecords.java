package io.plumbline.platform.deployment;

import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.deployment.event.DeploymentChanged;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.outbox.Outbox;
import io.plumbline.platform.screening.ScreeningPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rows of deployments; every method is one transaction. */
@ApplicationScoped
class DeploymentRecords {
    private final DeploymentRepository repository;
    private final EntityManager entities;
    private final Outbox outbox;
    private final Screener screener;
    private final Event<AuditableAct> acts;
    private final Clock clock;

    // Six: a deployment, what announces it and what logs it are written in one transaction.
    @Inject
    DeploymentRecords(
            DeploymentRepository repository,
            EntityManager entities,
            Outbox outbox,
            Event<AuditableAct> acts,
            Screener screener,
            Clock clock) {
        this.repository = repository;
        this.entities = entities;
        this.outbox = outbox;
        this.acts = acts;
        this.screener = screener;
        this.clock = clock;
    }

    /**
     * The model's live deployment if it has these settings already.
     *
     * @param chatTemplate as it would be stored
     */
    @Transactional
    Optional<Deployment> same(DeploymentOrder order, Optional<String> chatTemplate) {
        return repository
                .live(order.model())
                .map(this::view)
                .filter(d ->
                        d.policy().equals(order.policy()) && d.chatTemplate().equals(chatTemplate));
    }

    @Transactional
    Deployment add(Caller caller, DeploymentOrder order, Target target) {
        DeploymentEntity row = new DeploymentEntity();
        row.id = Ids.create("dep-");
        row.tenant = caller.tenant().value();
        row.model = order.model();
        row.baseModel = target.baseModel();
        row.adapter = target.adapter().map(a -> a.id()).orElse(null);
        row.audience = order.policy().audience();
        row.packs = order.policy().packs().stream().sorted().toArray(String[]::new);
        row.chatTemplate = target.chatTemplate().orElse(null);
        row.state = DeploymentState.PENDING;
        row.createdBy = caller.subject();
        row.createdAt = clock.instant();
        repository.persist(row);
        announce(row, row.createdBy);
        return view(row);
    }

    /** Makes it the live one of its model; the one before is retired in the same transaction. */
    @Transactional
    Deployment goLive(String id) {
        DeploymentEntity row = repository.findById(id);
        lock(row);
        Instant now = clock.instant();
        Optional<DeploymentEntity> before = repository.live(row.model);
        before.filter(d -> !d.id.equals(id)).ifPresent(d -> {
            d.move(DeploymentState.RETIRED, now);
            announce(d, row.createdBy);
        });
        // The unique index would see two live rows if both updates went out in the wrong order.
        repository.flush();
        if (row.state == DeploymentState.PENDING) {
            row.move(DeploymentState.LIVE, now);
            announce(row, row.createdBy);
        }
        return view(row);
    }

    @Transactional
    void fail(String id, String why) {
        DeploymentEntity row = repository.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (row.state.next().contains(DeploymentState.FAILED)) {
            row.failure = why;
            row.move(DeploymentState.FAILED, clock.instant());
            announce(row, "system");
        }
    }

    /** Empty if the tenant has no such deployment; retiring it once more changes nothing. */
    @Transactional
    Optional<Deployment> retire(Caller caller, String id) {
        DeploymentEntity row = repository.findById(id, LockModeType.PESSIMISTIC_WRITE);
        if (row == null) {
            return Optional.empty();
        }
        retire(row, caller);
        return Optional.of(view(row));
    }

    @Transactional
    void retireModel(Caller caller, String model) {
        repository.ofModel(model).forEach(row -> retire(row, caller));
    }

    private void retire(DeploymentEntity row, Caller caller) {
        if (row.state != DeploymentState.RETIRED) {
            row.move(DeploymentState.RETIRED, clock.instant());
            announce(row, caller.subject());
        }
    }

    @Transactional
    Optional<Deployment> find(String id) {
        return repository.findByIdOptional(id).map(this::view);
    }

    @Transactional
    Optional<Deployment> live(String model) {
        return repository.live(model).map(this::view);
    }

    @Transactional
    List<Deployment> allLive() {
        return repository.allLive().stream().map(this::view).toList();
    }

    @Transactional
    List<Deployment> newestFirst() {
        return repository.newestFirst().stream().map(this::view).toList();
    }

    /** Two deployments of one model go live one after the other. */
    private void lock(DeploymentEntity row) {
        Object locked = entities.createNativeQuery(
                        "select 1 from (select pg_advisory_xact_lock(hashtextextended(?1, 1))) as locked")
                .setParameter(1, row.tenant + "/" + row.model)
                .getSingleResult();
        assert locked != null;
        entities.refresh(row);
    }

    /** @param actor who brought it about */
    private void announce(DeploymentEntity row, String actor) {
        acts.fire(new AuditableAct(
                "deployment." + row.state.wireName(),
                actor,
                row.id,
                Map.of(
                        "model",
                        AuditableAct.shortened(row.model),
                        "base_model",
                        row.baseModel,
                        "audience",
                        row.audience.name().toLowerCase(Locale.ROOT),
                        "packs",
                        AuditableAct.shortened(String.join(",", row.packs))),
                Map.of()));
        outbox.record(new DeploymentChanged(
                row.id,
                row.model,
                row.state.wireName(),
                row.audience.name().toLowerCase(Locale.ROOT),
                List.of(row.packs),
                row.createdBy));
    }

    private Deployment view(DeploymentEntity row) {
        ScreeningPolicy policy = new ScreeningPolicy(Set.of(row.packs), row.audience);
        return new Deployment(
                row.id,
                TenantId.of(row.tenant),
                row.model,
                row.baseModel,
                policy,
                answerMode(row, policy),
                Optional.ofNullable(row.chatTemplate),
                row.state,
                Optional.ofNullable(row.failure),
                row.createdBy,
                row.createdAt,
                Optional.ofNullable(row.liveAt),
                Optional.ofNullable(row.retiredAt));
    }

    private AnswerMode answerMode(DeploymentEntity row, ScreeningPolicy policy) {
        ScreenContext context = new ScreenContext(TenantId.of(row.tenant), policy.packs(), policy.audience(), Map.of());
        return new AnswerMode(
                screener.bufferingRules(context).stream().map(Rule::reference).toList());
    }
}
