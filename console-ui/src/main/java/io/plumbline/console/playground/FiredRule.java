package io.plumbline.console.playground;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Rule;
import java.util.Optional;

/**
 * A rule that fired on an exchange.
 *
 * @param reference id and version
 * @param severity 1 (highest) to 4
 * @param action what it asked for
 * @param place where
 * @param rule as the catalogue has it; empty if the catalogue changed meanwhile
 */
record FiredRule(String reference, int severity, Action action, Place place, Optional<Rule> rule) {}
