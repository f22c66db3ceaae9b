package io.plumbline.platform.deployment;

import io.plumbline.inference.pool.BaseModel;
import io.plumbline.inference.pool.InferencePool;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.adapter.Adapters;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.Caller;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the tenant's models into service and takes them out, while others go on answering. */
@ApplicationScoped
public class Deployments {
    private static final Logger LOG = LoggerFactory.getLogger(Deployments.class);

    private final DeploymentRecords records;
    private final Adapters adapters;
    private final AdapterLoader loader;
    private final InferencePool pool;

    @Inject
    Deployments(DeploymentRecords records, Adapters adapters, AdapterLoader loader, InferencePool pool) {
        this.records = records;
        this.adapters = adapters;
        this.loader = loader;
        this.pool = pool;
    }

    /**
     * What became of a wish.
     *
     * @param created false if the model was live under the same settings already
     */
    public record Outcome(Deployment deployment, boolean created) {}

    /**
     * Puts a model into service. Under the same settings that is a no-op; under others the new deployment replaces the
     * one before without a gap.
     *
     * @throws ModelNotDeployable if the tenant has no such model
     * @throws BaseModelReplaced if the adapter was trained on another base
     */
    public Outcome deploy(Caller caller, DeploymentOrder order) {
        Target target = target(order);
        Optional<Deployment> same = records.same(order, target.chatTemplate());
        if (same.isPresent()) {
            target.adapter().ifPresent(loader::load);
            return new Outcome(same.get(), false);
        }
        Deployment pending = records.add(caller, order, target);
        return new Outcome(activate(pending, target.adapter()), true);
    }

    /** Loads what a deployment needs and makes it the live one; on failure it says why and stays failed. */
    Deployment activate(Deployment deployment, Optional<Adapter> adapter) {
        try {
            adapter.ifPresent(loader::load);
        } catch (RuntimeException e) {
            LOG.warn("deployment {} of {} failed: {}", deployment.id(), deployment.model(), e.toString());
            records.fail(deployment.id(), Optional.ofNullable(e.getMessage()).orElse("The adapter cannot be loaded."));
            throw e;
        }
        return records.goLive(deployment.id());
    }

    private Target target(DeploymentOrder order) {
        Optional<Adapter> adapter = adapters.find(order.model());
        String base = adapter.map(a -> a.lineage().baseModel()).orElse(order.model());
        BaseModel model = pool.baseModels().stream()
                .filter(m -> m.id().equals(base))
                .findFirst()
                .orElseThrow(() -> new ModelNotDeployable(order.model()));
        Optional<String> template = order.chatTemplate().or(() -> adapter.flatMap(Adapter::chatTemplate));
        if (template.isEmpty() && !model.chatTemplate()) {
            throw new InvalidRequest(
                    "chat_template",
                    "The base model '%s' brings no chat template; give one in 'chat_template' (Jinja source)."
                            .formatted(base));
        }
        return new Target(base, adapter, template);
    }

    /** Newest first, retired ones included. */
    public List<Deployment> list() {
        return records.newestFirst();
    }

    /** @throws NotFound if the tenant has no such deployment */
    public Deployment get(String id) {
        return records.find(id).orElseThrow(() -> new NotFound("deployment", id));
    }

    /**
     * Takes a deployment out of service; answers in progress are finished. Once more changes nothing.
     *
     * @throws NotFound if the tenant has no such deployment
     */
    public Deployment retire(Caller caller, String id) {
        Deployment retired = records.retire(caller, id).orElseThrow(() -> new NotFound("deployment", id));
        if (records.live(retired.model()).isEmpty()) {
            loader.unload(AdapterLoader.idOf(retired.tenant(), retired.model()));
        }
        return retired;
    }

    /**
     * Removes a fine-tuned model for good: its deployments are retired, its adapter is unloaded and deleted.
     *
     * @throws ModelNotDeployable if the tenant has no such fine-tuned model
     */
    public void deleteModel(Caller caller, String model) {
        if (adapters.find(model).isEmpty()) {
            throw new ModelNotDeployable(model);
        }
        records.retireModel(caller, model);
        loader.unload(AdapterLoader.idOf(caller.tenant(), model));
        if (!adapters.delete(caller, model)) {
            throw new ModelNotDeployable(model);
        }
    }
}
