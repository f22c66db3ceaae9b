package io.plumbline.platform.review.rest;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.plumbline.compliance.review.Draft;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a reviewer typed and saved.
 *
 * @param savedAt Unix seconds
 */
@Schema(name = "ReviewDraft")
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record DraftView(List<ChoiceText> texts, String note, long savedAt) {
    static DraftView of(Draft draft) {
        return new DraftView(
                draft.text().texts().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> new ChoiceText(entry.getKey(), entry.getValue()))
                        .toList(),
                draft.text().note(),
                draft.savedAt().getEpochSecond());
    }
}
