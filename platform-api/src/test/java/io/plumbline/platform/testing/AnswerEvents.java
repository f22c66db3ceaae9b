package io.plumbline.platform.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.response.Response;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What a streamed answer consists of. */
public final class AnswerEvents {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DATA = "data: ";

    private AnswerEvents() {}

    /** The events of a stream that carry JSON, in their order. */
    public static List<JsonNode> of(Response stream) {
        return Arrays.stream(stream.asString().split("\n\n"))
                .filter(event -> event.startsWith(DATA + "{"))
                .map(event -> json(event.substring(DATA.length())))
                .toList();
    }

    /** The content that the first choice has, all pieces together. */
    public static String content(List<JsonNode> events) {
        return events.stream()
                .map(event -> event.at("/choices/0/delta/content").asText(""))
                .collect(Collectors.joining());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
