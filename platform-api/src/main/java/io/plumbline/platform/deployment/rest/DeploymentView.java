package io.plumbline.platform.deployment.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.plumbline.platform.deployment.Deployment;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A deployment. Times are Unix seconds.
 *
 * @param model the name to use in requests
 * @param baseModel id of its base
 * @param audience public or professional
 * @param packs rules turned on beside the global floor
 * @param answerMode streamed, or buffered: answers leave only when they are complete
 * @param bufferingRules because of which they do, as {@code FIN-010@1}
 * @param chatTemplate null = that of the base model
 * @param state pending, live, failed or retired
 * @param error why it failed; null unless it did
 */
@Schema(name = "Deployment")
public record DeploymentView(
        String id,
        String object,
        String model,
        @JsonProperty("base_model") String baseModel,
        String audience,
        List<String> packs,
        @JsonProperty("answer_mode") String answerMode,
        @JsonProperty("buffering_rules") List<String> bufferingRules,
        @JsonProperty("chat_template") @Nullable String chatTemplate,
        String state,
        @Nullable String error,
        @JsonProperty("created_by") String createdBy,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("live_at") @Nullable Long liveAt,
        @JsonProperty("retired_at") @Nullable Long retiredAt) {

    static DeploymentView of(Deployment deployment) {
        return new DeploymentView(
                deployment.id(),
                "deployment",
                deployment.model(),
                deployment.baseModel(),
                deployment.policy().audience().name().toLowerCase(Locale.ROOT),
                deployment.policy().packs().stream().sorted().toList(),
                deployment.answerMode().wireName(),
                deployment.answerMode().bufferingRules(),
                deployment.chatTemplate().orElse(null),
                deployment.state().wireName(),
                deployment.failure().orElse(null),
                deployment.createdBy(),
                deployment.createdAt().getEpochSecond(),
                deployment.liveAt().map(Instant::getEpochSecond).orElse(null),
                deployment.retiredAt().map(Instant::getEpochSecond).orElse(null));
    }
}
