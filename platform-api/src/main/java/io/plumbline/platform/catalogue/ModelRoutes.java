package io.plumbline.platform.catalogue;

import io.plumbline.inference.TenantId;
import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.platform.error.PlatformException;
import io.quarkus.arc.All;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All model names of a tenant and what they lead to. */
@ApplicationScoped
public class ModelRoutes {
    private final List<ModelRouteSource> sources;
    private final List<ServedModels> served;
    private final InferencePool pool;

    @Inject
    ModelRoutes(@All List<ModelRouteSource> sources, @All List<ServedModels> served, InferencePool pool) {
        this.pool = pool;
        this.served = List.copyOf(served);
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

    /** Every model, those that answer conversations first. */
    public List<ListedModel> models(TenantId tenant) {
        Collection<ModelRoute> routes = list(tenant);
        Map<String, List<String>> modules = targetModules();
        Set<String> taken = routes.stream().map(ModelRoute::id).collect(Collectors.toSet());
        return Stream.concat(
                        routes.stream()
                                .map(route -> ListedModel.of(route, modules.getOrDefault(route.id(), List.of()))),
                        served.stream()
                                .flatMap(source -> source.models().stream())
                                .filter(model -> !taken.contains(model.id())))
                .toList();
    }

    /**
     * The way to a model that answers conversations.
     *
     * @throws UnknownModel if the tenant has no model of that name
     * @throws WrongModelTask if it does not answer conversations
     */
    public ModelRoute get(TenantId tenant, String name) {
        return find(tenant, name).orElseThrow(() -> served(name)
                .<PlatformException>map(model -> new WrongModelTask(model, ModelTask.CHAT))
                .orElseGet(() -> new UnknownModel(name)));
    }

    /** @throws UnknownModel if the tenant has no model of that name */
    public ListedModel model(TenantId tenant, String name) {
        return find(tenant, name)
                .map(route -> ListedModel.of(route, targetModules().getOrDefault(route.id(), List.of())))
                .or(() -> served(name))
                .orElseThrow(() -> new UnknownModel(name));
    }

    /** What fine-tuning may change, by base model. */
    private Map<String, List<String>> targetModules() {
        return pool.baseModels().stream()
                .collect(Collectors.toMap(BaseModel::id, BaseModel::targetModules, (first, second) -> first));
    }

    /**
     * Checks that a model does what is asked of it.
     *
     * @throws UnknownModel if the tenant has no model of that name
     * @throws WrongModelTask if it is for something else
     */
    public void require(TenantId tenant, String name, ModelTask task) {
        ListedModel model = model(tenant, name);
        if (model.task() != task) {
            throw new WrongModelTask(model, task);
        }
    }

    private Optional<ModelRoute> find(TenantId tenant, String name) {
        return sources.stream()
                .map(source -> source.route(tenant, name))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<ListedModel> served(String name) {
        return served.stream()
                .flatMap(source -> source.models().stream())
                .filter(model -> model.id().equals(name))
                .findFirst();
    }
}
