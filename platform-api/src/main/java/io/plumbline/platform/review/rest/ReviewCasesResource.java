package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.review.CaseFilter;
import io.plumbline.compliance.review.CasePosition;
import io.plumbline.compliance.review.CaseSelection;
import io.plumbline.compliance.review.CaseSlice;
import io.plumbline.compliance.review.DraftText;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.compliance.review.ReviewLevel;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.identity.AcrossTenants;
import io.plumbline.platform.identity.CurrentReviewer;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.review.CaseOnDesk;
import io.plumbline.platform.review.ReviewDesk;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Held answers, for the people who decide them: of all tenants that they are cleared for. */
@Path("/api/v1/review/cases")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Tag(name = "Review")
public class ReviewCasesResource {
    private final ReviewDesk desk;
    private final CurrentReviewer currentReviewer;

    @Inject
    ReviewCasesResource(ReviewDesk desk, CurrentReviewer currentReviewer) {
        this.desk = desk;
        this.currentReviewer = currentReviewer;
    }

    @GET
    @RequiresScope(Scope.REVIEWS_READ)
    @AcrossTenants
    @Operation(
            operationId = "listReviewCases",
            summary = "Held answers: open ones by deadline, decided ones newest first",
            description = "state is open (default), pending, claimed, decided, approved, edited, rejected or expired;"
                    + " level is 1 or 2; mine=true shows those that you hold or decided. after is the next_after of"
                    + " the page before.")
    public CaseList list(
            @QueryParam("state") @DefaultValue("open") String state,
            @QueryParam("level") @Nullable Integer level,
            @QueryParam("mine") @DefaultValue("false") boolean mine,
            @QueryParam("after") @Nullable String after,
            @QueryParam("limit") @DefaultValue("20") @Min(1) @Max(100) int limit) {
        Reviewer reviewer = currentReviewer.get();
        CaseSelection selection = CaseSelection.of(state)
                .orElseThrow(() -> new InvalidRequest(
                        "state",
                        "'state' is open, pending, claimed, decided, approved, edited, rejected or expired, not '%s'."
                                .formatted(state)));
        CaseFilter filter =
                new CaseFilter(selection, level(level), mine ? Optional.of(reviewer.subject()) : Optional.empty());
        Optional<CasePosition> position = Optional.ofNullable(after).map(Cursor::read);
        CaseSlice slice = desk.list(reviewer, filter, position, limit);
        return new CaseList(
                "list",
                slice.cases().stream().map(CaseSummaryView::of).toList(),
                slice.more(),
                slice.more() ? Cursor.write(slice.cases().getLast().position()) : null);
    }

    private static Optional<ReviewLevel> level(@Nullable Integer level) {
        if (level != null && level != 1 && level != 2) {
            throw new InvalidRequest("level", "'level' is 1 or 2, not %d.".formatted(level));
        }
        return Optional.ofNullable(level).map(ReviewLevel::of);
    }

    @GET
    @Path("{id}")
    @RequiresScope(Scope.REVIEWS_READ)
    @AcrossTenants
    @Operation(operationId = "getReviewCase", summary = "One case with texts, findings and your own draft")
    public CaseView get(@PathParam("id") String id) {
        return view(desk.get(currentReviewer.get(), id));
    }

    @POST
    @Path("{id}/claim")
    @RequiresScope(Scope.REVIEWS_DECIDE)
    @AcrossTenants
    @Operation(
            operationId = "claimReviewCase",
            summary = "Take a case to work on; the lease's token goes with everything that follows",
            description = "409 case_claimed names who works on it and until when.")
    public CaseView claim(@PathParam("id") String id) {
        return withDraft(desk.claim(currentReviewer.get(), id));
    }

    @POST
    @Path("{id}/renew")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.REVIEWS_DECIDE)
    @AcrossTenants
    @Operation(
            operationId = "renewReviewCase",
            summary = "Extend the lease",
            description = "409 lease_lost if it has ended; what was typed is kept.")
    public CaseView renew(@PathParam("id") String id, @Valid @NotNull TokenBody body) {
        return withDraft(desk.renew(currentReviewer.get(), id, body.token()));
    }

    @POST
    @Path("{id}/release")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.REVIEWS_DECIDE)
    @AcrossTenants
    @Operation(operationId = "releaseReviewCase", summary = "Give a case back before its lease ends")
    public CaseView release(@PathParam("id") String id, @Valid @NotNull TokenBody body) {
        return withDraft(desk.release(currentReviewer.get(), id, body.token()));
    }

    @PUT
    @Path("{id}/draft")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.REVIEWS_DECIDE)
    @AcrossTenants
    @Operation(
            operationId = "saveReviewDraft",
            summary = "Keep what you typed so far",
            description = "It is kept also where 409 lease_lost or case_decided tells that your lease has ended.")
    public DraftView saveDraft(@PathParam("id") String id, @Valid @NotNull DraftBody body) {
        DraftText text = new DraftText(ChoiceText.byIndex(body.texts()), body.note() == null ? "" : body.note());
        return DraftView.of(desk.saveDraft(currentReviewer.get(), id, body.token(), text));
    }

    @POST
    @Path("{id}/decision")
    @Consumes(MediaType.APPLICATION_JSON)
    @RequiresScope(Scope.REVIEWS_DECIDE)
    @AcrossTenants
    @Operation(
            operationId = "decideReviewCase",
            summary = "Approve, edit, reject or escalate",
            description =
                    "409 lease_lost or case_decided where your lease has ended; 422 answer_not_in_form where a text is not"
                            + " of the form that the caller asked for (form of the case). What you typed is kept as draft.")
    public CaseView decide(@PathParam("id") String id, @Valid @NotNull DecisionBody body) {
        return withDraft(
                desk.decide(currentReviewer.get(), id, body.token(), body.read(), Optional.ofNullable(body.note())));
    }

    private CaseView withDraft(ReviewCase changed) {
        return view(desk.get(currentReviewer.get(), changed.id().value()));
    }

    private static CaseView view(CaseOnDesk onDesk) {
        return CaseView.of(onDesk.reviewCase(), onDesk.draft());
    }

    /** @param token fencing token of the claim */
    @Schema(name = "ReviewToken")
    public record TokenBody(@NotNull Long token) {}

    /**
     * @param token fencing token of the claim
     * @param texts by choice
     * @param note reason or remark
     */
    @Schema(name = "NewReviewDraft")
    public record DraftBody(
            @NotNull Long token,
            @Valid @Nullable List<@NotNull ChoiceText> texts,
            @Nullable String note) {}

    /** @param nextAfter where the next page begins; null on the last one */
    @Schema(name = "ReviewCaseList")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record CaseList(
            String object,
            List<CaseSummaryView> data,
            boolean hasMore,
            @Nullable String nextAfter) {}
}
