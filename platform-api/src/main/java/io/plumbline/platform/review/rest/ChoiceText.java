package io.plumbline.platform.review.rest;

import io.plumbline.platform.error.InvalidRequest;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A reviewer's words for one choice.
 *
 * @param index of the choice
 */
@Schema(name = "ReviewChoiceText")
public record ChoiceText(@NotNull Integer index, @NotNull String text) {
    static Map<Integer, String> byIndex(@Nullable List<ChoiceText> texts) {
        Map<Integer, String> byIndex = new TreeMap<>();
        for (ChoiceText one : texts == null ? List.<ChoiceText>of() : texts) {
            if (byIndex.put(one.index(), one.text()) != null) {
                throw new InvalidRequest("texts", "'texts' names choice %d twice.".formatted(one.index()));
            }
        }
        return byIndex;
    }
}
