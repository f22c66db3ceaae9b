package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.review.CaseMessage;
import io.plumbline.compliance.review.Draft;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.ReviewCase;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A case with everything that is needed to decide it. Times are Unix seconds.
 *
 * @param conversation as the caller sent it
 * @param choices the held ones
 * @param form what the caller asked the answer to be: what is released has to be of it; null = any text
 * @param draft what the reader of this view typed and saved; null if nothing
 */
@Schema(name = "ReviewCase")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.ALWAYS)
public record CaseView(
        String id,
        String object,
        String tenant,
        String state,
        int level,
        int severity,
        String answerId,
        String model,
        @Nullable String deployment,
        String askedBy,
        String language,
        String ruleSet,
        List<Message> conversation,
        List<Choice> choices,
        List<FindingView> findings,
        @Nullable FormView form,
        long openedAt,
        long deadline,
        @Nullable LeaseView lease,
        @Nullable EscalationView escalation,
        @Nullable OutcomeView outcome,
        @Nullable DraftView draft) {

    static CaseView of(ReviewCase c, Optional<Draft> draft) {
        return new CaseView(
                c.id().value(),
                "review.case",
                c.tenant().value(),
                c.state().wireName(),
                c.level().number(),
                c.severity(),
                c.origin().answerId(),
                c.origin().model(),
                c.origin().deployment().orElse(null),
                c.origin().askedBy(),
                c.origin().language().name().toLowerCase(java.util.Locale.ROOT),
                c.origin().ruleSet(),
                c.conversation().stream().map(Message::of).toList(),
                c.choices().stream().map(Choice::of).toList(),
                c.findings().stream().map(FindingView::of).toList(),
                FormView.of(c.form()).orElse(null),
                c.openedAt().getEpochSecond(),
                c.deadline().getEpochSecond(),
                c.lease().map(LeaseView::of).orElse(null),
                c.escalation().map(EscalationView::of).orElse(null),
                c.outcome().map(OutcomeView::of).orElse(null),
                draft.map(DraftView::of).orElse(null));
    }

    /** @param role system, user or assistant */
    @Schema(name = "ReviewMessage")
    public record Message(String role, String content) {
        static Message of(CaseMessage message) {
            return new Message(message.role(), message.content());
        }
    }

    /**
     * Words beside a text.
     *
     * @param place before or after it
     */
    @Schema(name = "ReviewNotice")
    public record Notice(String rule, String place, String text) {
        static Notice of(io.plumbline.compliance.screen.Notice notice) {
            String place = notice.place().name().toLowerCase(java.util.Locale.ROOT);
            return new Notice(notice.rule(), place, notice.text());
        }
    }

    /**
     * One held choice.
     *
     * @param generated as the model wrote it; spans of findings count its UTF-16 units
     * @param releasable as the rules would release it
     * @param released what the caller got; null until a decision releases it
     * @param finishReason why generation ended: stop or length
     * @param notices what the caller is told beside the released text; of an answer in a form
     */
    @Schema(name = "ReviewChoice")
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Choice(
            int index,
            String generated,
            String releasable,
            @Nullable String released,
            String finishReason,
            List<Notice> notices) {
        static Choice of(HeldChoice choice) {
            return new Choice(
                    choice.index(),
                    choice.generated(),
                    choice.releasable(),
                    choice.released().orElse(null),
                    choice.ending(),
                    choice.notices().stream().map(Notice::of).toList());
        }
    }
}
