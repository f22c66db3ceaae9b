package io.plumbline.platform.screening;

import io.plumbline.compliance.rule.Domain;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Scope;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.Audience;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.inference.TenantId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the rules of the active bundle are called, and which of them a policy turns on. */
@ApplicationScoped
public class ActiveRules {
    private static final Set<Stage> CHAT = EnumSet.of(Stage.INPUT, Stage.OUTPUT, Stage.STREAM, Stage.RETRIEVAL);
    /** Which rules there are depends on no tenant. */
    private static final TenantId NOBODY = TenantId.of("nobody");

    private final Screener screener;

    @Inject
    ActiveRules(Screener screener) {
        this.screener = screener;
    }

    /**
     * The rule that a verdict names; empty if the active bundle has it no more.
     *
     * @param reference such as {@code PRI-001@1}
     */
    public Optional<Rule> rule(TenantId tenant, String reference) {
        String id = reference.replaceFirst("@.*", "");
        return screener.rules(new ScreenContext(tenant, Set.of(id), Audience.PUBLIC, Map.of())).stream()
                .filter(rule -> rule.id().value().equals(id))
                .findFirst();
    }

    /** The rules that run under a policy, those of the floor included. */
    public List<Rule> of(TenantId tenant, ScreeningPolicy policy) {
        return screener.rules(context(tenant, policy));
    }

    /** The rules because of which answers under a policy leave only when they are complete. */
    public List<Rule> buffering(TenantId tenant, ScreeningPolicy policy) {
        return screener.bufferingRules(context(tenant, policy));
    }

    /** Every rule about questions and answers that is not on for everybody, so that it can be turned on by its own id. */
    public List<Rule> optional() {
        Set<String> all = new HashSet<>(Scope.JURISDICTIONS);
        for (Domain domain : Domain.values()) {
            all.add(domain.name());
        }
        ScreenContext everything = new ScreenContext(NOBODY, all, Audience.PUBLIC, Map.of());
        return screener.rules(everything).stream()
                .filter(rule -> !rule.scope().packs().contains(Scope.GLOBAL))
                .filter(rule -> !Collections.disjoint(rule.scope().stages(), CHAT))
                .toList();
    }

    private static ScreenContext context(TenantId tenant, ScreeningPolicy policy) {
        return new ScreenContext(tenant, policy.packs(), policy.audience(), Map.of());
    }
}
