package io.plumbline.console.playground;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.platform.gateway.ChatQuestion;
import java.util.LinkedHashMap;
import java.util.Map;

/** The same question as a command for a POSIX shell. */
final class CurlCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    private CurlCommand() {}

    /** @param origin scheme, host and port of the server */
    static String of(String origin, ChatQuestion question) {
        return """
                curl %s/v1/chat/completions \\
                  -H "Authorization: Bearer $PLUMBLINE_API_KEY" \\
                  -H 'Content-Type: application/json' \\
                  --no-buffer --data-binary @- <<'JSON'
                %s
                JSON
                """.formatted(origin, body(question));
    }

    private static String body(ChatQuestion question) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", question.model());
        body.put(
                "messages",
                question.messages().stream().map(CurlCommand::message).toList());
        body.put("temperature", question.sampling().temperature());
        question.maxTokens().ifPresent(most -> body.put("max_completion_tokens", most));
        body.put("stream", true);
        body.put("stream_options", Map.of("include_usage", true));
        try {
            // Pretty-printed JSON never has a line "JSON" of its own, so the text cannot end the here-document.
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always JSON", e);
        }
    }

    private static Map<String, String> message(ChatMessage message) {
        Map<String, String> wire = new LinkedHashMap<>();
        wire.put("role", message.role());
        wire.put("content", message.content());
        return wire;
    }
}
