package io.plumbline.compliance.rule;

import java.util.List;

/**
 * An immutable set of compiled rules.
 *
 * @param hash SHA-256 of the files it was compiled from, lower-case hex: its name
 * @param rules in the order of their ids
 */
public record RuleBundle(String hash, List<CompiledRule> rules) {
    public RuleBundle {
        rules = List.copyOf(rules);
    }
}
