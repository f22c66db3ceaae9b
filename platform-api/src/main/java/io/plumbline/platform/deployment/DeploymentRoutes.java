package io.plumbline.platform.deployment;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.AdapterId;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.adapter.Adapters;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.catalogue.ModelRouteSource;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;

/** What the names of live deployments lead to; a deployment of a base model takes the place of the tenant's default. */
@ApplicationScoped
class DeploymentRoutes implements ModelRouteSource {
    private final DeploymentRecords records;
    private final Adapters adapters;
    private final AdapterLoader loader;

    @Inject
    DeploymentRoutes(DeploymentRecords records, Adapters adapters, AdapterLoader loader) {
        this.records = records;
        this.adapters = adapters;
        this.loader = loader;
    }

    @Override
    public List<ModelRoute> routes(TenantId tenant) {
        return records.allLive().stream().map(DeploymentRoutes::route).toList();
    }

    /** An adapter that another process deployed, or that a restart has not loaded yet, is loaded now. */
    @Override
    public Optional<ModelRoute> route(TenantId tenant, String name) {
        Optional<Deployment> live = records.live(name);
        live.filter(Deployment::tuned).ifPresent(this::ensureLoaded);
        return live.map(DeploymentRoutes::route);
    }

    private void ensureLoaded(Deployment deployment) {
        if (loader.isLoaded(AdapterLoader.idOf(deployment.tenant(), deployment.model()))) {
            return;
        }
        Adapter adapter = adapters.find(deployment.model())
                .orElseThrow(
                        () -> new IllegalStateException("deployment %s has no adapter".formatted(deployment.id())));
        loader.load(adapter);
    }

    private static ModelRoute route(Deployment deployment) {
        Optional<AdapterId> adapter = deployment.tuned()
                ? Optional.of(AdapterLoader.idOf(deployment.tenant(), deployment.model()))
                : Optional.empty();
        return new ModelRoute(
                deployment.model(),
                deployment.baseModel(),
                adapter,
                deployment.policy(),
                Optional.of(deployment.id()),
                deployment.chatTemplate(),
                deployment.createdAt(),
                deployment.tenant().value());
    }
}
