package io.plumbline.platform.review.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.platform.outbox.OutboxEvent;
import io.plumbline.platform.outbox.Topic;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something happened to a held answer.
 *
 * @param change opened, claimed, escalated, approved, edited, rejected or expired
 * @param answer id of the answer
 * @param actor who did it: a reviewer's subject, or {@code system}
 * @param severity of what holds it; with opened
 * @param rules those that hold it; null where it was claimed or escalated
 * @param ruleSet hash of the rule bundle; likewise
 * @param digests SHA-256 of held and released texts; likewise
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReviewCaseChanged(
        String caseId,
        String change,
        String answer,
        String actor,
        @Nullable Integer severity,
        @Nullable List<String> rules,
        @Nullable String ruleSet,
        @Nullable Map<String, String> digests)
        implements OutboxEvent {
    @Override
    public Topic topic() {
        return Topic.REVIEWS;
    }

    @Override
    public String key() {
        return caseId;
    }

    @Override
    public String type() {
        return "review.case." + change;
    }
}
