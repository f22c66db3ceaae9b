package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.pool.TokenLogprob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads the pieces of a streamed answer, of both endpoints. */
final class RemoteChunk {
    /** Servers name tokens by their text; ids are theirs alone. */
    private static final int UNKNOWN_ID = -1;

    private RemoteChunk() {}

    /** The text of a choice; empty if it has none. */
    static String text(JsonNode choice) {
        JsonNode content = choice.has("delta") ? choice.path("delta").path("content") : choice.path("text");
        return content.isTextual() ? content.asText() : "";
    }

    /**
     * Whether it holds a piece of what a model thinks before it answers, where the server keeps that apart. It is no part of
     * the answer, though its tokens count.
     */
    static boolean thought(JsonNode choice) {
        JsonNode delta = choice.path("delta");
        return !delta.path("reasoning_content").asText("").isEmpty()
                || !delta.path("reasoning").asText("").isEmpty();
    }

    /**
     * The log-probabilities of a choice, one per token.
     *
     * @param most alternatives per token that were asked for; vLLM's older endpoint sends the chosen one besides
     */
    static List<TokenLogprob> logprobs(JsonNode choice, int most) {
        JsonNode logprobs = choice.path("logprobs");
        if (logprobs.path("content").isArray()) {
            List<TokenLogprob> tokens = new ArrayList<>();
            for (JsonNode token : logprobs.path("content")) {
                tokens.add(chatToken(token, alternatives(token.path("top_logprobs"), most)));
            }
            return tokens;
        }
        return logprobs.path("tokens").isArray() ? textTokens(logprobs, most) : List.of();
    }

    private static List<TokenLogprob> alternatives(JsonNode top, int most) {
        List<TokenLogprob> alternatives = new ArrayList<>();
        for (JsonNode each : top) {
            alternatives.add(chatToken(each, List.of()));
        }
        return likeliest(alternatives, most);
    }

    private static List<TokenLogprob> likeliest(List<TokenLogprob> alternatives, int most) {
        return alternatives.stream()
                .sorted(Comparator.comparingDouble(TokenLogprob::logprob).reversed())
                .limit(most)
                .toList();
    }

    private static TokenLogprob chatToken(JsonNode token, List<TokenLogprob> top) {
        byte[] bytes;
        if (token.path("bytes").isArray()) {
            bytes = new byte[token.path("bytes").size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) token.path("bytes").path(i).asInt();
            }
        } else {
            bytes = token.path("token").asText().getBytes(StandardCharsets.UTF_8);
        }
        // llama.cpp tells the id.
        return new TokenLogprob(
                token.path("id").asInt(UNKNOWN_ID), bytes, token.path("logprob").asDouble(), top);
    }

    /** The older form of {@code /v1/completions}: parallel arrays. */
    private static List<TokenLogprob> textTokens(JsonNode logprobs, int most) {
        List<TokenLogprob> tokens = new ArrayList<>();
        for (int i = 0; i < logprobs.path("tokens").size(); i++) {
            List<TokenLogprob> top = new ArrayList<>();
            logprobs.path("top_logprobs")
                    .path(i)
                    .properties()
                    .forEach(each ->
                            top.add(textToken(each.getKey(), each.getValue().asDouble(), List.of())));
            String text = logprobs.path("tokens").path(i).asText();
            tokens.add(textToken(text, logprobs.path("token_logprobs").path(i).asDouble(), likeliest(top, most)));
        }
        return tokens;
    }

    private static TokenLogprob textToken(String text, double logprob, List<TokenLogprob> top) {
        return new TokenLogprob(UNKNOWN_ID, text.getBytes(StandardCharsets.UTF_8), logprob, top);
    }
}
