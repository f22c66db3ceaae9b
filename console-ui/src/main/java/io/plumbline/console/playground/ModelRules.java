package io.plumbline.console.playground;

import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.catalogue.ModelRoute;
import io.plumbline.platform.catalogue.ModelRoutes;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.screening.Verdicts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Models and the rules that speak about their questions and answers. */
@ApplicationScoped
class ModelRules {
    private static final int MOST_FINDINGS = 200;

    private final ModelRoutes routes;
    private final Screener screener;
    private final Verdicts verdicts;

    @Inject
    ModelRules(ModelRoutes routes, Screener screener, Verdicts verdicts) {
        this.routes = routes;
        this.screener = screener;
        this.verdicts = verdicts;
    }

    /** Every model of a tenant, deployments first. */
    List<ModelChoice> models(TenantId tenant) {
        return routes.list(tenant).stream()
                .map(route -> ModelChoice.of(route, screener.buffers(context(tenant, route))))
                .toList();
    }

    /** What fired on an answer that has ended and on its question, each once. */
    List<FiredRule> fired(TenantId tenant, String answerId, ChatQuestion question) {
        Map<String, Rule> rules = new HashMap<>();
        screener.rules(context(tenant, routes.get(tenant, question.model())))
                .forEach(rule -> rules.put(rule.reference(), rule));
        return verdicts.newest(MOST_FINDINGS, Long.MAX_VALUE, Optional.of(answerId)).reversed().stream()
                .map(verdict -> new FiredRule(
                        verdict.rule(),
                        verdict.severity(),
                        verdict.action(),
                        Place.of(verdict.item(), question.messages()),
                        Optional.ofNullable(rules.get(verdict.rule()))))
                .distinct()
                .toList();
    }

    private static ScreenContext context(TenantId tenant, ModelRoute route) {
        return new ScreenContext(tenant, route.policy().packs(), route.policy().audience(), Map.of());
    }
}
