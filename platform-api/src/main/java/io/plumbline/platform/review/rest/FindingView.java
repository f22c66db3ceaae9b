package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.rule.Basis;
import io.plumbline.compliance.rule.Bilingual;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a rule found, and the rule as it was then.
 *
 * @param item text that it is about: {@code messages[0]} of the conversation, {@code choices[0]} of the answer
 * @param rule id and version
 * @param stage input, output or stream
 * @param severity 1 (highest) to 4
 * @param action escalate, block, hold, redact, rewrite, flag, sample or log
 * @param holds whether it is one of those that hold the answer
 * @param start first UTF-16 index of the span in the item's text; null = the whole text
 * @param end index after the span; null likewise
 * @param title what the rule is about
 * @param message what it tells the caller
 * @param basis what it rests on
 * @param abstained why the detector could not judge; null if it could
 */
@Schema(name = "ReviewFinding")
@JsonInclude(JsonInclude.Include.ALWAYS)
public record FindingView(
        String item,
        String rule,
        String stage,
        int severity,
        String action,
        boolean holds,
        String detector,
        @Nullable Integer start,
        @Nullable Integer end,
        Text title,
        Text message,
        List<BasisView> basis,
        @Nullable String abstained) {
    static FindingView of(CaseFinding finding) {
        boolean span = finding.start() >= 0;
        return new FindingView(
                finding.item(),
                finding.rule(),
                finding.stage().name().toLowerCase(Locale.ROOT),
                finding.severity(),
                finding.action().name().toLowerCase(Locale.ROOT),
                finding.holds(),
                finding.detector(),
                span ? finding.start() : null,
                span ? finding.end() : null,
                Text.of(finding.title()),
                Text.of(finding.message()),
                finding.basis().stream().map(BasisView::of).toList(),
                finding.abstained().orElse(null));
    }

    /** The same in both languages of the product. */
    @Schema(name = "BilingualText")
    public record Text(String zh, String en) {
        static Text of(Bilingual text) {
            return new Text(text.zh(), text.en());
        }
    }

    /** @param status checked, to_check or not_law */
    @Schema(name = "RuleBasis")
    public record BasisView(String instrument, String clause, String status) {
        static BasisView of(Basis basis) {
            return new BasisView(
                    basis.instrument(), basis.clause(), basis.status().name().toLowerCase(Locale.ROOT));
        }
    }
}
