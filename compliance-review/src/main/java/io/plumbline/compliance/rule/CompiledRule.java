package io.plumbline.compliance.rule;

import io.plumbline.compliance.detect.Condition;
import io.plumbline.compliance.detect.ContextFilter;
import io.plumbline.compliance.detect.Detector;
import java.util.List;

/**
 * A rule ready to run. It fires for every trigger (a span, or a condition that is one) that no exception excuses, if all
 * conditions hold and, where it has requirements, at least one of them is missing.
 *
 * @param rule the data
 * @param triggers find the spans; none, together with no {@code factTriggers} = the whole text triggers
 * @param factTriggers conditions that trigger without a span
 * @param conditions must all hold
 * @param exceptions words around a span that excuse it
 * @param requirements of which one must be missing
 * @param decodes whether spans are encoded runs that count only if their text breaks another rule
 */
public record CompiledRule(
        Rule rule,
        List<Detector> triggers,
        List<Condition> factTriggers,
        List<Condition> conditions,
        List<ContextFilter> exceptions,
        List<Requirement> requirements,
        boolean decodes) {
    public CompiledRule {
        triggers = List.copyOf(triggers);
        factTriggers = List.copyOf(factTriggers);
        conditions = List.copyOf(conditions);
        exceptions = List.copyOf(exceptions);
        requirements = List.copyOf(requirements);
    }

    /** Whether any text triggers it. */
    public boolean wholeText() {
        return triggers.isEmpty() && factTriggers.isEmpty();
    }

    /**
     * Whether nothing of an answer may leave before its end: the rule withholds or redacts, and no span shows where the
     * violation begins.
     */
    public boolean buffers() {
        return (rule.action().withholds() || rule.action() == Action.REDACT) && wholeText();
    }
}
