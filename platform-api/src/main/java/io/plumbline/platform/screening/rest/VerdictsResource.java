package io.plumbline.platform.screening.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.screening.StoredVerdict;
import io.plumbline.platform.screening.Verdicts;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the rules found in the tenant's requests, answers and files. */
@Path("/api/v1/verdicts")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Screening")
public class VerdictsResource {
    private static final int MOST = 500;

    private final Verdicts verdicts;

    @Inject
    VerdictsResource(Verdicts verdicts) {
        this.verdicts = verdicts;
    }

    @GET
    @RequiresScope(Scope.VERDICTS_READ)
    @Operation(operationId = "listVerdicts", summary = "Verdicts, newest first; positions and rules, never text")
    public VerdictList list(
            @QueryParam("limit") @DefaultValue("50") int limit,
            @QueryParam("before") @Nullable Long before,
            @QueryParam("subject_id") @Nullable String subjectId) {
        if (limit < 1 || limit > MOST) {
            throw new InvalidRequest("limit", "'limit' is 1 to %d, not %d.".formatted(MOST, limit));
        }
        List<VerdictView> page =
                verdicts
                        .newest(limit + 1, before == null ? Long.MAX_VALUE : before, Optional.ofNullable(subjectId))
                        .stream()
                        .map(VerdictView::of)
                        .toList();
        boolean more = page.size() > limit;
        return new VerdictList("list", more ? page.subList(0, limit) : page, more);
    }

    /** @param hasMore whether {@code before} of the last one shows further ones */
    @Schema(name = "VerdictList")
    public record VerdictList(
            String object,
            List<VerdictView> data,
            @JsonProperty("has_more") boolean hasMore) {}

    /**
     * @param id what {@code before} takes
     * @param subjectId the answer or file
     * @param item where in it, such as {@code messages[1]}
     * @param start first UTF-16 index of the span; -1 = the whole text
     * @param recordedAt Unix seconds
     */
    @Schema(name = "Verdict")
    public record VerdictView(
            long id,
            String object,
            @JsonProperty("subject_id") String subjectId,
            String model,
            String item,
            String stage,
            String rule,
            int severity,
            String action,
            String detector,
            int start,
            int end,
            @JsonProperty("rule_set") String ruleSet,
            @Nullable String abstained,
            @JsonProperty("recorded_at") long recordedAt) {
        static VerdictView of(StoredVerdict v) {
            return new VerdictView(
                    v.seq(),
                    "verdict",
                    v.subjectId(),
                    v.model(),
                    v.item(),
                    v.stage().name().toLowerCase(Locale.ROOT),
                    v.rule(),
                    v.severity(),
                    v.action().name().toLowerCase(Locale.ROOT),
                    v.detector(),
                    v.start(),
                    v.end(),
                    v.ruleSet(),
                    v.abstained().orElse(null),
                    v.recordedAt().getEpochSecond());
        }
    }
}
