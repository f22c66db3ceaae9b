package io.plumbline.platform.gateway.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.pool.ChatMessage;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.inference.pool.ToolCall;
import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.UnsupportedParameter;
import io.plumbline.platform.gateway.ChatQuestion;
import io.plumbline.platform.gateway.ServiceTier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Turns the wire format into a question, or says which parameter does not fit. */
final class ChatRequestReader {
    private static final int MOST_CHOICES = 8;
    private static final int MOST_STOPS = 4;
    private static final int MOST_TOP_LOGPROBS = 20;
    private static final int MOST_LOGIT_BIASES = 300;

    private ChatRequestReader() {}

    static ChatQuestion read(ChatRequest request) {
        refuseUnsupported(request);
        if (request.model() == null || request.model().isBlank()) {
            throw new InvalidRequest("model", "'model' is required; GET /v1/models lists those you can use.");
        }
        return new ChatQuestion(
                request.model(),
                messages(request.messages()),
                sampling(request),
                range("n", Objects.requireNonNullElse(request.n(), 1), 1, MOST_CHOICES),
                maxTokens(request),
                stop(request.stop()),
                topLogprobs(request),
                Boolean.TRUE.equals(request.store()),
                AnswerFormReader.read(request),
                tier(request.serviceTier()));
    }

    private static void refuseUnsupported(ChatRequest request) {
        Map<String, @Nullable JsonNode> unsupported = new LinkedHashMap<>();
        unsupported.put("functions", request.functions());
        unsupported.put("function_call", request.functionCall());
        unsupported.put("audio", request.audio());
        unsupported.put("prediction", request.prediction());
        unsupported.put("reasoning_effort", request.reasoningEffort());
        unsupported.put("verbosity", request.verbosity());
        unsupported.put("web_search_options", request.webSearchOptions());
        unsupported.forEach((name, value) -> {
            if (given(value)) {
                throw new UnsupportedParameter(name);
            }
        });
        if (request.modalities() != null && !request.modalities().equals(List.of("text"))) {
            throw new UnsupportedParameter("modalities", "Only [\"text\"] is.");
        }
        if (request.metadata() != null && !Boolean.TRUE.equals(request.store())) {
            throw new InvalidRequest("metadata", "'metadata' is kept with stored answers only; set 'store' to true.");
        }
        if (request.streamOptions() != null && !Boolean.TRUE.equals(request.stream())) {
            throw new InvalidRequest("stream_options", "'stream_options' is allowed only when 'stream' is true.");
        }
    }

    /** Nobody sets up a project's tier here, so auto is the default one. */
    private static Optional<ServiceTier> tier(@Nullable String asked) {
        if (asked == null) {
            return Optional.empty();
        }
        return Optional.of(
                switch (asked) {
                    case "auto", "default" -> ServiceTier.DEFAULT;
                    case "flex" -> ServiceTier.FLEX;
                    case "priority" -> ServiceTier.PRIORITY;
                    default ->
                        throw new InvalidRequest(
                                "service_tier",
                                "'service_tier' is auto, default, flex or priority, not '%s'.".formatted(asked));
                });
    }

    /** Empty lists and "none" ask for nothing. */
    private static boolean given(@Nullable JsonNode value) {
        return value != null
                && !value.isNull()
                && !(value.isArray() && value.isEmpty())
                && !(value.isTextual() && value.asText().equals("none"));
    }

    private static List<ChatMessage> messages(@Nullable List<ChatRequest.Message> messages) {
        if (messages == null || messages.isEmpty()) {
            throw new InvalidRequest("messages", "'messages' needs at least one message.");
        }
        List<ChatMessage> read = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            read.add(message("messages[%d]".formatted(i), messages.get(i)));
        }
        ToolMessageReader.checkResults(messages);
        return read;
    }

    private static ChatMessage message(String path, ChatRequest.@Nullable Message message) {
        if (message == null) {
            throw new InvalidRequest(path, "'%s' is null; a message has 'role' and 'content'.".formatted(path));
        }
        String role = message.role() == null ? "" : message.role();
        String known =
                switch (role) {
                    case "system", "user", "assistant", "tool" -> role;
                    case "developer" -> "system";
                    case "function" -> throw new UnsupportedParameter(path + ".role", "Use the role 'tool'.");
                    default ->
                        throw new InvalidRequest(
                                path + ".role",
                                "'%s.role' is system, developer, user, assistant or tool, not '%s'."
                                        .formatted(path, role));
                };
        refuse(path + ".name", message.name() != null);
        refuse(path + ".function_call", given(message.functionCall()));
        refuse(path + ".audio", given(message.audio()));
        List<ToolCall> calls = ToolMessageReader.calls(path, message);
        boolean wordless = !calls.isEmpty()
                && (message.content() == null || message.content().isNull());
        String content = wordless ? "" : content(path + ".content", message);
        return new ChatMessage(known, content, calls, Optional.ofNullable(message.toolCallId()));
    }

    private static void refuse(String param, boolean given) {
        if (given) {
            throw new UnsupportedParameter(param);
        }
    }

    private static String content(String path, ChatRequest.Message message) {
        JsonNode content = message.content();
        if ((content == null || content.isNull()) && message.refusal() != null) {
            return message.refusal(); // a refused answer of ours, sent back as history
        }
        if (content == null || content.isNull()) {
            throw new InvalidRequest(path, "'%s' is required.".formatted(path));
        }
        if (content.isTextual()) {
            return content.asText();
        }
        if (!content.isArray() || content.isEmpty()) {
            throw new InvalidRequest(path, "'%s' is a string or an array of text parts.".formatted(path));
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            text.append(part("%s[%d]".formatted(path, i), content.get(i)));
        }
        return text.toString();
    }

    private static String part(String path, JsonNode part) {
        String type = part.path("type").asText();
        String field = type.equals("refusal") ? "refusal" : "text";
        if (!type.equals("text") && !type.equals("refusal")) {
            throw new UnsupportedParameter(path + ".type", "Parts of type text are; '%s' is not.".formatted(type));
        }
        if (!part.path(field).isTextual()) {
            throw new InvalidRequest(path + "." + field, "'%s.%s' is a string.".formatted(path, field));
        }
        return part.path(field).asText();
    }

    private static SamplingSettings sampling(ChatRequest request) {
        return new SamplingSettings(
                range("temperature", or(request.temperature(), 1), 0, 2),
                range("top_k", Objects.requireNonNullElse(request.topK(), 0), 0, Integer.MAX_VALUE),
                range("top_p", or(request.topP(), 1), Double.MIN_VALUE, 1),
                range("min_p", or(request.minP(), 0), 0, 1),
                range("repetition_penalty", or(request.repetitionPenalty(), 1), 0.01, 10),
                range("presence_penalty", or(request.presencePenalty(), 0), -2, 2),
                range("frequency_penalty", or(request.frequencyPenalty(), 0), -2, 2),
                logitBias(request.logitBias()),
                request.seed() == null ? OptionalLong.empty() : OptionalLong.of(request.seed()));
    }

    private static Map<Integer, Double> logitBias(@Nullable Map<String, Double> bias) {
        if (bias == null) {
            return Map.of();
        }
        if (bias.size() > MOST_LOGIT_BIASES) {
            throw new InvalidRequest("logit_bias", "'logit_bias' has at most %d entries.".formatted(MOST_LOGIT_BIASES));
        }
        Map<Integer, Double> read = new HashMap<>();
        bias.forEach((token, value) -> {
            String path = "logit_bias." + token;
            read.put(token(path, token), range(path, value, -100, 100));
        });
        return read;
    }

    private static int token(String path, String text) {
        try {
            return range(path, Integer.parseInt(text), 0, Integer.MAX_VALUE);
        } catch (NumberFormatException e) {
            throw new InvalidRequest(path, "'%s' is not a token id.".formatted(text));
        }
    }

    private static OptionalInt maxTokens(ChatRequest request) {
        if (request.maxTokens() != null && request.maxCompletionTokens() != null) {
            throw new InvalidRequest("max_tokens", "Give 'max_completion_tokens' or the older 'max_tokens', not both.");
        }
        String name = request.maxTokens() != null ? "max_tokens" : "max_completion_tokens";
        Integer value = request.maxTokens() != null ? request.maxTokens() : request.maxCompletionTokens();
        return value == null ? OptionalInt.empty() : OptionalInt.of(range(name, value, 1, Integer.MAX_VALUE));
    }

    private static List<String> stop(@Nullable JsonNode stop) {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        List<String> read = new ArrayList<>();
        if (stop.isTextual()) {
            read.add(stop.asText());
        } else if (stop.isArray()) {
            stop.forEach(one -> read.add(one.isTextual() ? one.asText() : ""));
        }
        if (read.size() > MOST_STOPS
                || read.stream().anyMatch(String::isEmpty)
                || (read.isEmpty() && !stop.isArray())) {
            throw new InvalidRequest(
                    "stop", "'stop' is a string, or an array of up to %d non-empty strings.".formatted(MOST_STOPS));
        }
        return read;
    }

    private static OptionalInt topLogprobs(ChatRequest request) {
        boolean wanted = Boolean.TRUE.equals(request.logprobs());
        if (request.topLogprobs() == null) {
            return wanted ? OptionalInt.of(0) : OptionalInt.empty();
        }
        if (!wanted) {
            throw new InvalidRequest("top_logprobs", "'top_logprobs' needs 'logprobs' to be true.");
        }
        return OptionalInt.of(range("top_logprobs", request.topLogprobs(), 0, MOST_TOP_LOGPROBS));
    }

    private static double or(@Nullable Double value, double otherwise) {
        return value == null ? otherwise : value;
    }

    private static int range(String param, int value, int least, int most) {
        if (value < least || value > most) {
            throw outOfRange(param, value, least, most == Integer.MAX_VALUE ? "" : " to " + most);
        }
        return value;
    }

    private static double range(String param, @Nullable Double value, double least, double most) {
        if (value == null || !(value >= least && value <= most)) {
            throw outOfRange(param, value, least == Double.MIN_VALUE ? "above 0" : least, " to " + most);
        }
        return value;
    }

    private static InvalidRequest outOfRange(String param, @Nullable Object value, Object least, String upTo) {
        return new InvalidRequest(param, "'%s' is %s%s, not %s.".formatted(param, least, upTo, value));
    }
}
