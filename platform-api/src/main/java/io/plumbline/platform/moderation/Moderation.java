package io.plumbline.platform.moderation;

import java.util.List;

/**
 * What the rules say of an order.
 *
 * @param id under which the verdicts are kept
 * @param results in the order of the inputs
 */
public record Moderation(String id, RuleSetName ruleSet, List<ModerationResult> results) {
    public Moderation {
        results = List.copyOf(results);
    }
}
