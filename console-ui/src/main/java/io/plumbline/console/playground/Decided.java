package io.plumbline.console.playground;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.gateway.Ending;

/**
 * What became of a held answer.
 *
 * @param released whether the caller gets it
 * @param text the released answer, or what the caller is told instead
 */
record Decided(boolean released, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param body a chat.completion with one choice */
    static Decided of(String body) {
        try {
            JsonNode choice = JSON.readTree(body).path("choices").path(0);
            boolean refused = choice.path("finish_reason").asText().equals(Ending.CONTENT_FILTER.wireName());
            return new Decided(!refused, choice.path("message").path("content").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored answer is not JSON", e);
        }
    }
}
