package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Rewrite;

/**
 * Words that a rule adds to an answer but that do not stand in it: whoever shows the answer to people shows them too.
 *
 * @param rule id and version, such as {@code LBL-001@1}
 * @param place where they belong
 */
public record Notice(String rule, Rewrite.Place place, String text) {}
