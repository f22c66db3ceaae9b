package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.review.CaseSummary;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A case as a line of the queue. Times are Unix seconds.
 *
 * @param findings those that hold it
 * @param excerpt the beginning of the question
 */
@Schema(name = "ReviewCaseSummary")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record CaseSummaryView(
        String id,
        String object,
        String tenant,
        String state,
        int level,
        int severity,
        String answerId,
        String model,
        List<FindingView> findings,
        String excerpt,
        long openedAt,
        long deadline,
        @Nullable LeaseView lease,
        @Nullable OutcomeView outcome) {
    static CaseSummaryView of(CaseSummary c) {
        return new CaseSummaryView(
                c.id().value(),
                "review.case_summary",
                c.tenant().value(),
                c.state().wireName(),
                c.level().number(),
                c.severity(),
                c.origin().answerId(),
                c.origin().model(),
                c.findings().stream().map(FindingView::of).toList(),
                c.excerpt(),
                c.openedAt().getEpochSecond(),
                c.deadline().getEpochSecond(),
                c.lease().map(LeaseView::of).orElse(null),
                c.outcome().map(OutcomeView::of).orElse(null));
    }
}
