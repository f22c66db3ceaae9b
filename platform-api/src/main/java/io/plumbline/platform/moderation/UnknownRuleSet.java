package io.plumbline.platform.moderation;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** A caller names a rule set that is not the active one. */
@AnswersWith(status = 404, code = "model_not_found")
public final class UnknownRuleSet extends PlatformException {
    private static final long serialVersionUID = 1L;

    UnknownRuleSet(String model, RuleSetName active) {
        super(
                "The rule set '%s' is not active; '%s' is. Leave 'model' out, or name plumbline-rules or omni-moderation-latest, to use the active one."
                        .formatted(model, active.value()),
                "model");
    }
}
