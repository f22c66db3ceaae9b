package io.plumbline.platform.moderation;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.Verdict;
import java.util.Set;

/**
 * A finding with the rule that made it.
 *
 * @param path where the text stood, such as {@code input[2]}
 * @param verdict what was found
 * @param stages as what the text was judged when it was found
 */
public record RuleFinding(String path, Verdict verdict, Rule rule, Set<Stage> stages) {
    public RuleFinding {
        stages = Set.copyOf(stages);
    }

    /**
     * Whether the text itself is not allowed as it is: nothing of it or not all of it could be released, or a person must
     * look. Rules that only add words to an answer (a label, a disclaimer), sample or log do not flag.
     */
    public boolean flags() {
        return flags(verdict.action());
    }

    static boolean flags(Action action) {
        return switch (action) {
            case ESCALATE, BLOCK, HOLD, REDACT, FLAG -> true;
            case REWRITE, SAMPLE, LOG -> false;
        };
    }
}
