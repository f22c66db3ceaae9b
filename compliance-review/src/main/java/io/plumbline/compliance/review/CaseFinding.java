package io.plumbline.compliance.review;

import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Basis;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.compliance.screen.Verdict;
import java.util.List;
import java.util.Optional;

/**
 * Why a case is there, or what else was found: a verdict and the rule behind it as it was then.
 *
 * @param item text that it is about: {@code messages[0]} of the conversation or {@code choices[0]} of the answer
 * @param rule id and version, such as {@code PRI-001@1}
 * @param stage where it was found
 * @param severity 1 (highest) to 4
 * @param action what was asked for
 * @param detector what found it, such as {@code rc:resident-id}
 * @param start first UTF-16 index of the span in the item's text; -1 = the whole text
 * @param end index after the span; -1 likewise
 * @param title what the rule is about
 * @param message what it tells the caller
 * @param basis laws, standards and practices it rests on
 * @param abstained why the detector could not judge; such a verdict counts as found
 */
public record CaseFinding(
        String item,
        String rule,
        Stage stage,
        int severity,
        Action action,
        String detector,
        int start,
        int end,
        Bilingual title,
        Bilingual message,
        List<Basis> basis,
        Optional<String> abstained) {
    public CaseFinding {
        basis = List.copyOf(basis);
    }

    /** A verdict together with its rule. */
    public static CaseFinding of(String item, Verdict verdict, Rule rule) {
        return new CaseFinding(
                item,
                verdict.rule(),
                verdict.stage(),
                verdict.severity(),
                verdict.action(),
                verdict.detector(),
                verdict.start(),
                verdict.end(),
                rule.title(),
                rule.message(),
                rule.governance().basis(),
                verdict.abstained());
    }

    /** Whether it is one of those that hold the answer. */
    public boolean holds() {
        return action.withholds();
    }
}
