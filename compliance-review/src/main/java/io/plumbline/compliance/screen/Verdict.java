package io.plumbline.compliance.screen;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Stage;
import java.util.Optional;

/**
 * One rule's finding. It never holds the matched text, only where it was and its digest.
 *
 * @param rule id and version, such as {@code PRI-001@1}
 * @param stage where it was found
 * @param severity 1 (highest) to 4
 * @param action what the rule asks for
 * @param detector the detector that found it, such as {@code rc:resident-id}
 * @param start first UTF-16 index of the span in the original text; -1 if the finding is about the whole text
 * @param end index after the span; -1 likewise
 * @param spanSha256 keyed digest of the matched text (HMAC-SHA-256: a plain one of an identity number can be guessed),
 *     lower-case hex; empty if there is no span
 * @param normalisationPath normaliser steps that the match needed, such as {@code nfkc,zero-width}; empty = raw text
 * @param ruleSet hash of the rule bundle
 * @param latencyMicros time the detector took
 * @param abstained why the detector could not judge; such a verdict counts as found
 */
public record Verdict(
        String rule,
        Stage stage,
        int severity,
        Action action,
        String detector,
        int start,
        int end,
        String spanSha256,
        String normalisationPath,
        String ruleSet,
        long latencyMicros,
        Optional<String> abstained) {}
