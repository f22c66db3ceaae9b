package io.plumbline.platform.deployment;

import io.plumbline.inference.TenantId;
import io.plumbline.platform.screening.ScreeningPolicy;
import java.time.Instant;
import java.util.Optional;

/**
 * A model under rules.
 *
 * @param id names it
 * @param tenant the owner
 * @param model name that callers use: {@code ft:…} or a base model id
 * @param baseModel id of the base
 * @param policy packs and audience
 * @param answerMode whether answers are streamed, under the rules that are active now
 * @param chatTemplate Jinja source; empty = that of the base model
 * @param state where it is in its life
 * @param failure why it failed; empty unless it did
 * @param createdBy subject of the caller
 * @param createdAt when it was asked for
 * @param liveAt when it went live
 * @param retiredAt when it was retired
 */
public record Deployment(
        String id,
        TenantId tenant,
        String model,
        String baseModel,
        ScreeningPolicy policy,
        AnswerMode answerMode,
        Optional<String> chatTemplate,
        DeploymentState state,
        Optional<String> failure,
        String createdBy,
        Instant createdAt,
        Optional<Instant> liveAt,
        Optional<Instant> retiredAt) {

    /** Whether it is an adapter rather than the base model itself. */
    public boolean tuned() {
        return !model.equals(baseModel);
    }
}
