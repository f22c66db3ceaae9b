package io.plumbline.console.deployment;

import io.plumbline.compliance.rule.Rule;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.adapter.Adapters;
import io.plumbline.platform.catalogue.BaseModels;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.deployment.DeploymentOrder;
import io.plumbline.platform.deployment.Deployments;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.ActiveRules;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** Models and deployments, for their views. */
@Desk
@ApplicationScoped
public class ModelDesk {
    private final ConsoleSession session;
    private final BaseModels bases;
    private final Adapters adapters;
    private final Deployments deployments;
    private final ScreeningPolicies policies;
    private final ActiveRules rules;

    @Inject
    ModelDesk(
            ConsoleSession session,
            BaseModels bases,
            Adapters adapters,
            Deployments deployments,
            ScreeningPolicies policies,
            ActiveRules rules) {
        this.session = session;
        this.bases = bases;
        this.adapters = adapters;
        this.deployments = deployments;
        this.policies = policies;
        this.rules = rules;
    }

    /**
     * What a policy comes to.
     *
     * @param rules how many run, the floor included
     * @param buffering those because of which answers leave only when complete; none = answers are streamed
     */
    public record Effect(int rules, List<Rule> buffering) {
        public Effect {
            buffering = List.copyOf(buffering);
        }
    }

    @RequiresScope(Scope.MODELS_READ)
    public List<BaseModels.Card> bases() {
        return bases.list();
    }

    /** Files in the model directory that cannot be run, and why. */
    @RequiresScope(Scope.MODELS_READ)
    public Map<String, String> unusable() {
        return bases.unusable();
    }

    /** Newest first. */
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public List<Adapter> tuned() {
        return adapters.list();
    }

    /** Newest first, retired ones included. */
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public List<Deployment> deployments() {
        return deployments.list();
    }

    /** What a deployment under this policy does. */
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public Effect effect(ScreeningPolicy policy) {
        return new Effect(rules.of(session.tenant(), policy).size(), rules.buffering(session.tenant(), policy));
    }

    /** The tenant's own choice: where a new deployment begins. */
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public ScreeningPolicy policy() {
        return policies.of(session.tenant());
    }

    /** Every rule that can be turned on by its own id. */
    @RequiresScope(Scope.DEPLOYMENTS_READ)
    public List<Rule> optionalRules() {
        return rules.optional();
    }

    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    public Deployments.Outcome deploy(DeploymentOrder order) {
        return deployments.deploy(session.caller(), order);
    }

    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    public Deployment retire(String id) {
        return deployments.retire(session.caller(), id);
    }

    @RequiresScope(Scope.DEPLOYMENTS_WRITE)
    public void delete(String model) {
        deployments.deleteModel(session.caller(), model);
    }
}
