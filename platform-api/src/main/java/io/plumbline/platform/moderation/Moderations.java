package io.plumbline.platform.moderation;

import io.micrometer.core.instrument.MeterRegistry;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.ScreenContext;
import io.plumbline.compliance.screen.Screener;
import io.plumbline.compliance.screen.Verdict;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Caller;
import io.plumbline.platform.screening.ScreenedItem;
import io.plumbline.platform.screening.ScreeningPolicies;
import io.plumbline.platform.screening.ScreeningPolicy;
import io.plumbline.platform.screening.Verdicts;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Judges texts by the tenant's screening policy. Verdicts are kept like those of chats (positions and keyed digests, never
 * text), so that a caller's decision can be retraced. No tokens are used, so none are counted.
 */
@ApplicationScoped
public class Moderations {
    private final Screener screener;
    private final ScreeningPolicies policies;
    private final Verdicts verdicts;
    private final Event<AuditableAct> acts;
    private final MeterRegistry metrics;

    @Inject
    Moderations(
            Screener screener,
            ScreeningPolicies policies,
            Verdicts verdicts,
            Event<AuditableAct> acts,
            MeterRegistry metrics) {
        this.screener = screener;
        this.policies = policies;
        this.verdicts = verdicts;
        this.acts = acts;
        this.metrics = metrics;
    }

    /**
     * Judges by the active rule set.
     *
     * @param model the rule set that the caller names
     * @throws UnknownRuleSet if another one is active
     */
    public Moderation moderate(Caller caller, String model, ModerationOrder order) {
        ScreeningPolicy policy = policies.of(caller.tenant());
        ScreenContext context = new ScreenContext(caller.tenant(), policy.packs(), policy.audience(), Map.of());
        Moderation moderation = judge(context, model, order);
        while (!moderation.ruleSet().hash().equals(screener.ruleSet())) {
            moderation = judge(context, model, order); // the rule set was exchanged meanwhile
        }
        keep(caller, moderation);
        return moderation;
    }

    private Moderation judge(ScreenContext context, String model, ModerationOrder order) {
        RuleSetName ruleSet = new RuleSetName(screener.ruleSet());
        if (!ruleSet.isMeantBy(model)) {
            throw new UnknownRuleSet(model, ruleSet);
        }
        Map<String, Rule> rules =
                screener.rules(context).stream().collect(Collectors.toMap(Rule::reference, Function.identity()));
        Set<Category> examined = examined(rules.values(), order.stages());
        List<ModerationResult> results = order.inputs().stream()
                .map(parts -> new ModerationResult(findings(context, rules, order.stages(), parts), examined))
                .toList();
        return new Moderation(Ids.create("modr-"), ruleSet, results);
    }

    private static Set<Category> examined(Collection<Rule> rules, Set<Stage> stages) {
        Set<Category> examined = EnumSet.noneOf(Category.class);
        rules.stream()
                .filter(rule -> RuleFinding.flags(rule.action()))
                .filter(rule -> rule.scope().stages().stream().anyMatch(stage -> judgedAs(stage, stages)))
                .forEach(rule -> examined.addAll(Category.of(rule)));
        return examined;
    }

    /** An answer is judged by the rules for whole and for streamed answers. */
    private static boolean judgedAs(Stage stage, Set<Stage> stages) {
        return stages.contains(stage == Stage.STREAM ? Stage.OUTPUT : stage);
    }

    private List<RuleFinding> findings(
            ScreenContext context, Map<String, Rule> rules, Set<Stage> stages, List<ModeratedText> parts) {
        List<RuleFinding> findings = new ArrayList<>();
        for (ModeratedText part : parts) {
            Map<Found, RuleFinding> byPlace = new LinkedHashMap<>();
            for (Stage stage : stages.stream().sorted().toList()) {
                for (Verdict verdict :
                        screener.screen(context, stage, part.text()).verdicts()) {
                    Rule rule = rules.get(verdict.rule());
                    if (rule != null) { // else the rule set was exchanged meanwhile, and all is judged again
                        RuleFinding one = new RuleFinding(part.path(), verdict, rule, Set.of(stage));
                        byPlace.merge(Found.of(verdict), one, Moderations::both);
                    }
                }
            }
            byPlace.values().stream()
                    .sorted((a, b) -> a.verdict().action().compareTo(b.verdict().action()))
                    .forEach(findings::add);
        }
        return findings;
    }

    /** One rule at one place; found as input and as answer, it is one finding. */
    private record Found(String rule, String detector, int start, int end) {
        static Found of(Verdict v) {
            return new Found(v.rule(), v.detector(), v.start(), v.end());
        }
    }

    private static RuleFinding both(RuleFinding first, RuleFinding second) {
        Set<Stage> stages = EnumSet.copyOf(first.stages());
        stages.addAll(second.stages());
        return new RuleFinding(first.path(), first.verdict(), first.rule(), stages);
    }

    private void keep(Caller caller, Moderation moderation) {
        List<RuleFinding> findings = moderation.results().stream()
                .flatMap(result -> result.findings().stream())
                .toList();
        long flagged =
                moderation.results().stream().filter(ModerationResult::flagged).count();
        metrics.counter("plumbline.moderations", "flagged", "true").increment((double) flagged);
        metrics.counter("plumbline.moderations", "flagged", "false")
                .increment(moderation.results().size() - (double) flagged);
        QuarkusTransaction.requiringNew().run(() -> {
            verdicts.add(
                    moderation.id(),
                    moderation.ruleSet().value(),
                    findings.stream()
                            .map(f -> new ScreenedItem(f.path(), f.verdict()))
                            .toList());
            acts.fire(new AuditableAct(
                    "moderation.created",
                    caller.subject(),
                    moderation.id(),
                    Map.of(
                            "rule_set", moderation.ruleSet().hash(),
                            "inputs", Integer.toString(moderation.results().size()),
                            "flagged", Long.toString(flagged)),
                    Map.of())); // the texts are kept nowhere, and a digest of a short one could be guessed
        });
    }
}
