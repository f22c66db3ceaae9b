package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.plumbline.inference.pool.InferenceException;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpTimeoutException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what goes wrong with a remote engine into the pool's facts: who must act, and when to come back. */
final class RemoteFailures {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteFailures.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int DEFAULT_RETRY_SECONDS = 5;
    private static final int MOST_RETRY_SECONDS = 600;
    private static final int LONGEST_MESSAGE = 500;
    /** Plumbline's name for a form of answer that cannot be guaranteed. */
    private static final String INVALID_CONSTRAINT = "invalid_constraint";
    /** How vLLM and llama-server speak of a form that they cannot hold an answer to; they have no code for it. */
    private static final Pattern ABOUT_A_FORM =
            Pattern.compile("\\bgrammar\\b|json[ _]schema|\\bregex\\b|structured[ _]output", Pattern.CASE_INSENSITIVE);

    private final String engine;
    private final Clock clock;

    RemoteFailures(String engine, Clock clock) {
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * An answer whose status is not 200.
     *
     * @param model the base model or adapter asked for, as callers here know it
     * @param body what the server said, at most a few kilobytes
     */
    InferenceException ofStatus(int status, HttpHeaders headers, String body, String model) {
        return switch (status) {
            case 429, 503 -> new InferenceException.Overloaded(retryAfter(headers));
            case 401, 403 -> ofKey(status, body);
            case 404 -> unknownModel(model, body);
            case 400, 413, 422 -> refused(error(body));
            default -> failed("failed (status %d)".formatted(status), body);
        };
    }

    /** A key that is not taken. */
    InferenceException ofKey(int status, String body) {
        return failed("refuses this installation's API key (status %d)".formatted(status), body);
    }

    private InferenceException refused(JsonNode error) {
        String said = shortened(text(error));
        String message = "The engine '%s' refuses the request: %s".formatted(engine, said);
        return error.path("code").asText().equals(INVALID_CONSTRAINT)
                        || ABOUT_A_FORM.matcher(said).find()
                ? new InferenceException.InvalidConstraint(message)
                : new InferenceException.InvalidPrompt(message);
    }

    /** An error that the server reports in the middle of a stream. Codes are numbers at some servers, names at others. */
    InferenceException ofEvent(JsonNode error) {
        return switch (error.path("code").asText()) {
            case "400", "422", INVALID_CONSTRAINT -> refused(error);
            case "429", "503", "engine_overloaded", "shutting_down" ->
                new InferenceException.Overloaded(DEFAULT_RETRY_SECONDS);
            default -> failed("failed in the middle of an answer", text(error));
        };
    }

    /** A connection that was refused, lost or too slow. */
    InferenceException ofConnection(Throwable cause) {
        if (cause instanceof HttpTimeoutException) {
            LOG.warn("remote engine {} did not answer in time", engine);
            return new InferenceException.EngineFailed(
                    "The engine '%s' did not answer in time; try again.".formatted(engine), cause);
        }
        LOG.warn("remote engine {} cannot be reached or was lost: {}", engine, describe(cause));
        return new InferenceException.EngineFailed(
                "The engine '%s' cannot be reached or broke off; try again.".formatted(engine), cause);
    }

    /** An answer without the call that it was held to; llama-server promises none where the model's template knows no tools. */
    InferenceException ofMissingCall() {
        return new InferenceException.InvalidConstraint(
                "The engine '%s' called no function, though the answer was held to one; its model may know no tools."
                        .formatted(engine));
    }

    /** An answer that does not follow the protocol. */
    InferenceException ofProtocol(String what) {
        return failed("sent an answer that is not understood", what);
    }

    private InferenceException unknownModel(String model, String body) {
        LOG.warn("remote engine {} does not know {}: {}", engine, model, message(body));
        return new InferenceException.UnknownModel(model);
    }

    private InferenceException failed(String what, String detail) {
        // What a failing server says may hold its inner workings: for our log, not for the caller.
        LOG.error("remote engine {} {}: {}", engine, what, message(detail));
        return new InferenceException.EngineFailed(
                "The engine '%s' %s; it was logged. Try again.".formatted(engine, what), new IOException(what));
    }

    /** Seconds, or the time until a date (RFC 9110, 10.2.3). */
    private int retryAfter(HttpHeaders headers) {
        Optional<String> value = headers.firstValue("Retry-After").map(String::strip);
        if (value.isEmpty()) {
            return DEFAULT_RETRY_SECONDS;
        }
        long seconds;
        try {
            seconds = value.get().matches("\\d{1,9}")
                    ? Long.parseLong(value.get())
                    : Duration.between(
                                    clock.instant(),
                                    ZonedDateTime.parse(value.get(), DateTimeFormatter.RFC_1123_DATE_TIME)
                                            .toInstant())
                            .toSeconds();
        } catch (DateTimeException unreadable) {
            seconds = DEFAULT_RETRY_SECONDS;
        }
        return (int) Math.clamp(seconds, 1, MOST_RETRY_SECONDS);
    }

    /** The message of an OpenAI-style error, or the beginning of whatever it is. */
    static String message(String body) {
        return shortened(text(error(body)));
    }

    /** The error in a body; a body that is none stands for itself. */
    private static JsonNode error(String body) {
        try {
            JsonNode tree = JSON.readTree(body);
            if (tree != null && tree.isObject()) {
                return tree.path("error").isObject() ? tree.path("error") : tree;
            }
        } catch (JsonProcessingException notJson) {
            LOG.debug("an error that is no JSON", notJson);
        }
        return TextNode.valueOf(body);
    }

    private static String text(JsonNode error) {
        if (error.isTextual()) {
            return error.asText();
        }
        for (String field : new String[] {"message", "error", "detail"}) {
            if (error.path(field).isTextual()) {
                return error.path(field).asText();
            }
        }
        return error.toString();
    }

    private static String shortened(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST_MESSAGE ? line : line.substring(0, LONGEST_MESSAGE) + "…";
    }

    static String describe(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }
}
