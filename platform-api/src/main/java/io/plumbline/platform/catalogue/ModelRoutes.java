package io.plumbline.platform.catalogue;

import io.plumbline.inference.TenantId;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All model names of a tenant. */
@ApplicationScoped
public class ModelRoutes {
    private final List<ModelRouteSource> sources;

    @Inject
    ModelRoutes(@All List<ModelRouteSource> sources) {
        this.sources = sources.stream()
                .sorted(Comparator.comparingInt(ModelRouteSource::precedence))
                .toList();
    }

    /** Every name once, deployments first. */
    public Collection<ModelRoute> list(TenantId tenant) {
        Map<String, ModelRoute> byName = new LinkedHashMap<>();
        sources.forEach(source -> source.routes(tenant).forEach(route -> byName.putIfAbsent(route.id(), route)));
        return byName.values();
    }

    /** @throws UnknownModel if the tenant has no model of that name */
    public ModelRoute get(TenantId tenant, String name) {
        return sources.stream()
                .map(source -> source.route(tenant, name))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new UnknownModel(name));
    }
}
