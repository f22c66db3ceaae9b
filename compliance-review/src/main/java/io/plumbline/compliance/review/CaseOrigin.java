package io.plumbline.compliance.review;

import java.util.Optional;

/**
 * Where a case comes from.
 *
 * @param answerId id of the answer, as {@code chatcmpl-…}
 * @param model the name the caller used
 * @param deployment under whose rules it was held; empty = the model was used without one
 * @param askedBy subject of the caller
 * @param language in which the caller asked
 * @param ruleSet hash of the rule bundle
 */
public record CaseOrigin(
        String answerId,
        String model,
        Optional<String> deployment,
        String askedBy,
        CallerLanguage language,
        String ruleSet) {}
