package io.plumbline.compliance.screen;

import io.plumbline.compliance.detect.Match;
import io.plumbline.compliance.detect.NormalisationStep;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Rule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One finding before it becomes a {@link Verdict}.
 *
 * @param span null if it is about the whole text
 * @param action what is asked for; not always the rule's own
 */
record Finding(
        Rule rule,
        String detector,
        @Nullable Match span,
        Action action,
        long latencyMicros,
        Optional<String> abstained) {

    static Finding of(Rule rule, String detector, @Nullable Match span, long latencyMicros) {
        return new Finding(rule, detector, span, rule.action(), latencyMicros, Optional.empty());
    }

    /** A detector that could not judge: at severity 1 and 2 nothing is released. */
    static Finding abstention(Rule rule, String detector, String reason) {
        Action action = rule.severity() > 2 ? Action.FLAG : rule.action().withholds() ? rule.action() : Action.HOLD;
        return new Finding(rule, detector, null, action, 0, Optional.of(reason));
    }

    Verdict verdict(Pass pass, String text) {
        return new Verdict(
                rule.reference(),
                pass.stageOf(rule),
                rule.severity(),
                action,
                detector,
                span == null ? -1 : span.start(),
                span == null ? -1 : span.end(),
                span == null ? "" : pass.digest().of(text.substring(span.start(), span.end())),
                span == null ? "" : NormalisationStep.path(span.steps()),
                pass.ruleSet(),
                latencyMicros,
                abstained);
    }
}
