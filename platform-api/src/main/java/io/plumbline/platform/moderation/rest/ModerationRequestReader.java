package io.plumbline.platform.moderation.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.compliance.rule.Stage;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.UnsupportedParameter;
import io.plumbline.platform.moderation.ModeratedText;
import io.plumbline.platform.moderation.ModerationOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns the wire format into an order, or says which parameter does not fit. */
final class ModerationRequestReader {
    private static final int MOST_INPUTS = 256;

    private ModerationRequestReader() {}

    static ModerationOrder read(ModerationRequest request) {
        return new ModerationOrder(inputs(request.input()), stages(request.plumbline()));
    }

    private static Set<Stage> stages(ModerationRequest.@Nullable Extension extension) {
        String stage = extension == null ? null : extension.stage();
        return switch (stage) {
            case null -> ModerationOrder.STAGES;
            case "input" -> Set.of(Stage.INPUT);
            case "output" -> Set.of(Stage.OUTPUT);
            default ->
                throw new InvalidRequest(
                        "plumbline.stage",
                        "'plumbline.stage' is input or output, not '%s'; left out it is both.".formatted(stage));
        };
    }

    private static List<List<ModeratedText>> inputs(@Nullable JsonNode input) {
        if (input != null && input.isTextual()) {
            return List.of(List.of(new ModeratedText("input", input.asText())));
        }
        if (input == null || !input.isArray()) {
            throw new InvalidRequest(
                    "input", "'input' is required: a string, an array of strings, or an array of text parts.");
        }
        if (input.isEmpty() || input.size() > MOST_INPUTS) {
            throw new InvalidRequest(
                    "input", "'input' has 1 to %d entries, not %d.".formatted(MOST_INPUTS, input.size()));
        }
        List<ModeratedText> texts = new ArrayList<>(input.size());
        boolean parts = input.get(0).isObject();
        for (int i = 0; i < input.size(); i++) {
            String path = "input[%d]".formatted(i);
            texts.add(new ModeratedText(path, parts ? part(path, input.get(i)) : string(path, input.get(i))));
        }
        return parts ? List.of(texts) : texts.stream().map(List::of).toList();
    }

    private static String string(String path, JsonNode node) {
        if (!node.isTextual()) {
            throw new InvalidRequest(path, "'%s' is a string, like the entries before it.".formatted(path));
        }
        return node.asText();
    }

    private static String part(String path, JsonNode part) {
        if (!part.isObject()) {
            throw new InvalidRequest(path, "'%s' is a part with 'type', like the entries before it.".formatted(path));
        }
        String type = part.path("type").asText();
        if (type.equals("image_url")) {
            throw new UnsupportedParameter(path + ".type", "Rules read text; images cannot be judged here.");
        }
        if (!type.equals("text") || !part.path("text").isTextual()) {
            throw new InvalidRequest(path, "'%s' is {\"type\": \"text\", \"text\": \"…\"}.".formatted(path));
        }
        return part.path("text").asText();
    }
}
