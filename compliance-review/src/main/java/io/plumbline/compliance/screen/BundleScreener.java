package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Facts;
import io.plumbline.compliance.detect.Sentences;
import io.plumbline.compliance.rule.CompiledRule;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.RuleBundle;
import io.plumbline.compliance.rule.Stage;
import java.time.Clock;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A screener over one active bundle that can be exchanged while requests run. */
public final class BundleScreener implements Screener {
    private final AtomicReference<RuleBundle> active;
    private final AtomicReference<Optional<RuleBundle>> previous = new AtomicReference<>(Optional.empty());
    private final Clock clock;
    private final SpanDigest digest;

    /**
     * @param bundle the first bundle
     * @param clock tells the date that ages, expiries and effective dates are counted from
     * @param digest of spans in verdicts
     */
    public BundleScreener(RuleBundle bundle, Clock clock, SpanDigest digest) {
        this.active = new AtomicReference<>(bundle);
        this.clock = clock;
        this.digest = digest;
    }

    /** Makes another bundle active. What has begun finishes on the bundle it began with. */
    public void activate(RuleBundle bundle) {
        previous.set(Optional.of(active.getAndSet(bundle)));
    }

    /** Goes back to the bundle before the active one, if there was one. */
    public void rollBack() {
        previous.get().ifPresent(this::activate);
    }

    @Override
    public Screened screen(ScreenContext context, Stage stage, TextForm form, String text) {
        var screening = new Screening(pass(active.get(), context, stage, form));
        screening.read(text, text.length());
        Sentences.of(text, 0, true, form.jsonFrom(text, text.length())).forEach(screening::accept);
        return screening.end(text, 0);
    }

    @Override
    public StreamScreen open(ScreenContext context, List<Notice> notices, TextForm form) {
        return new AnswerStream(pass(active.get(), context, Stage.STREAM, form), notices);
    }

    @Override
    public List<Rule> rules(ScreenContext context) {
        return active.get().rules().stream()
                .map(CompiledRule::rule)
                .filter(rule -> applies(rule, context))
                .toList();
    }

    @Override
    public List<Rule> bufferingRules(ScreenContext context) {
        return pass(active.get(), context, Stage.STREAM, TextForm.PROSE).rules().stream()
                .filter(CompiledRule::buffers)
                .map(CompiledRule::rule)
                .toList();
    }

    @Override
    public String ruleSet() {
        return active.get().hash();
    }

    private Pass pass(RuleBundle bundle, ScreenContext context, Stage stage, TextForm form) {
        List<CompiledRule> rules = bundle.rules().stream()
                .filter(rule -> applies(rule.rule(), context) && at(rule.rule(), stage))
                .toList();
        Map<String, String> metadata = new HashMap<>(context.metadata());
        metadata.put("stage", String.valueOf(stage.letter()));
        var facts = new Facts(metadata, context.dialogue(), LocalDate.now(clock));
        return new Pass(stage, form, rules, facts, bundle.hash(), digest);
    }

    private boolean applies(Rule rule, ScreenContext context) {
        boolean audience = !rule.scope().publicOnly() || context.audience() == Audience.PUBLIC;
        return audience
                && rule.scope().inForce(LocalDate.now(clock))
                && rule.scope().turnedOn(rule.id(), context.packs());
    }

    /** An answer is judged by the rules of stages O and S, as a whole and as a stream alike. */
    private static boolean at(Rule rule, Stage stage) {
        return switch (stage) {
            case OUTPUT, STREAM ->
                rule.scope().stages().contains(Stage.OUTPUT)
                        || rule.scope().stages().contains(Stage.STREAM);
            case INPUT, RETRIEVAL, METADATA, DATA, BEHAVIOUR ->
                rule.scope().stages().contains(stage);
        };
    }
}
