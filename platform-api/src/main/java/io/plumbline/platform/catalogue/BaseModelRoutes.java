package io.plumbline.platform.catalogue;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The base models of the pool, for every tenant, under the tenant's own screening policy. */
@ApplicationScoped
class BaseModelRoutes implements ModelRouteSource {
    private final InferencePool pool;
    private final ScreeningPolicies policies;
    private final Instant since;

    @Inject
    BaseModelRoutes(InferencePool pool, ScreeningPolicies policies, Clock clock) {
        this.pool = pool;
        this.policies = policies;
        this.since = clock.instant();
    }

    @Override
    public List<ModelRoute> routes(TenantId tenant) {
        ScreeningPolicy policy = policies.of(tenant);
        return pool.baseModels().stream().map(model -> route(model, policy)).toList();
    }

    @Override
    public Optional<ModelRoute> route(TenantId tenant, String name) {
        return pool.baseModels().stream()
                .filter(model -> model.id().equals(name))
                .findFirst()
                .map(model -> route(model, policies.of(tenant)));
    }

    @Override
    public int precedence() {
        return Integer.MAX_VALUE;
    }

    private ModelRoute route(BaseModel model, ScreeningPolicy policy) {
        return new ModelRoute(
                model.id(),
                model.id(),
                Optional.empty(),
                policy,
                Optional.empty(),
                Optional.empty(),
                since,
                "plumbline");
    }
}
