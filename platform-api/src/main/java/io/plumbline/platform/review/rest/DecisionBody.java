package io.plumbline.platform.review.rest;

import io.plumbline.compliance.review.Decision;
import io.plumbline.platform.error.InvalidRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A decision.
 *
 * @param token fencing token of the claim
 * @param decision approve, edit, reject or escalate
 * @param texts what the caller gets instead, by choice; with edit
 * @param reason with reject and escalate
 * @param note a remark for colleagues and auditors
 */
@Schema(name = "ReviewDecision")
public record DecisionBody(
        @NotNull Long token,
        @NotNull String decision,
        @Valid @Nullable List<@NotNull ChoiceText> texts,
        @Nullable String reason,
        @Nullable String note) {

    /** @throws InvalidRequest if there is no such decision, or it has a field that it does not take */
    Decision read() {
        refuse("texts", texts != null && !decision.equals("edit"));
        refuse("reason", reason != null && !decision.equals("reject") && !decision.equals("escalate"));
        return switch (decision) {
            case "approve" -> new Decision.Approve();
            case "edit" -> new Decision.Edit(ChoiceText.byIndex(texts));
            case "reject" -> new Decision.Reject(reason == null ? "" : reason);
            case "escalate" -> new Decision.Escalate(reason == null ? "" : reason);
            default ->
                throw new InvalidRequest(
                        "decision", "'decision' is approve, edit, reject or escalate, not '%s'.".formatted(decision));
        };
    }

    private void refuse(String field, boolean given) {
        if (given) {
            throw new InvalidRequest(field, "'%s' does not go with the decision '%s'.".formatted(field, decision));
        }
    }
}
