package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.plumbline.compliance.review.Outcome;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How a case ended; {@code state} of the case says what was decided.
 *
 * @param by the reviewer, or {@code system} where the deadline decided
 * @param at Unix seconds
 */
@Schema(name = "ReviewOutcome")
@JsonInclude(JsonInclude.Include.ALWAYS)
public record OutcomeView(
        String by,
        long at,
        @Nullable String reason,
        @Nullable String note) {
    static OutcomeView of(Outcome outcome) {
        return new OutcomeView(
                outcome.by(),
                outcome.at().getEpochSecond(),
                outcome.reason().orElse(null),
                outcome.note().orElse(null));
    }
}
