package io.plumbline.platform.error;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.plumbline.compliance.review.ReviewException;
import io.plumbline.inference.pool.InferenceException;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the exceptions of the libraries and of the lower modules mean to the caller. */
final class LibraryFailures {
    private static final int RETRY_SECONDS = 5;

    private LibraryFailures() {}

    /** Empty if the exception alone says nothing. */
    static Optional<ErrorAnswer> answer(Throwable failure) {
        return switch (failure) {
            case InferenceException inference -> Optional.of(ofInference(inference));
            case ReviewException review -> Optional.of(ofReview(review));
            case JsonProcessingException json -> Optional.of(ofJson(json));
            case ConstraintViolationException violations -> Optional.of(ofViolations(violations));
            case AuthenticationFailedException ignored -> Optional.of(notAuthenticated());
            case UnauthorizedException ignored -> Optional.of(notAuthenticated());
            case ForbiddenException ignored ->
                Optional.of(ErrorAnswer.of(403, ErrorType.PERMISSION, "forbidden", "Your credential may not do this."));
            case OIDCException ignored ->
                Optional.of(ErrorAnswer.of(
                                503,
                                ErrorType.CAPACITY,
                                "identity_provider_unavailable",
                                "Access tokens cannot be checked at the moment because Keycloak cannot be reached; API keys"
                                        + " work. Try again in %d s.".formatted(RETRY_SECONDS))
                        .retryAfter(RETRY_SECONDS));
            case SQLException sql when databaseAway(sql) -> Optional.of(databaseAnswer());
            case IOException io
            when diskFull(io) ->
                Optional.of(ErrorAnswer.of(
                        507,
                        ErrorType.CAPACITY,
                        "storage_failed",
                        "The disk of this installation is full. Nothing was kept; try again once the operator has made room"
                                + " under PLUMBLINE_DATA."));
            default -> Optional.empty();
        };
    }

    private static boolean diskFull(IOException failure) {
        return failure.getMessage() != null && failure.getMessage().contains("No space left on device");
    }

    static String message(Throwable failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static ErrorAnswer ofInference(InferenceException failure) {
        String message = message(failure);
        return switch (failure) {
            case InferenceException.UnknownModel e ->
                ErrorAnswer.of(404, ErrorType.INVALID_REQUEST, "model_not_found", message)
                        .about("model");
            case InferenceException.UnknownAdapter e ->
                ErrorAnswer.of(404, ErrorType.INVALID_REQUEST, "model_not_found", message)
                        .about("model");
            case InferenceException.PromptTooLong e ->
                ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, "context_length_exceeded", message)
                        .about("messages");
            case InferenceException.InvalidPrompt e ->
                ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, "invalid_prompt", message)
                        .about("messages");
            case InferenceException.InvalidConstraint e ->
                ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, "invalid_constraint", message);
            case InferenceException.InvalidAdapter e ->
                ErrorAnswer.of(422, ErrorType.INVALID_REQUEST, "invalid_adapter", message)
                        .about("model");
            case InferenceException.Overloaded e ->
                ErrorAnswer.of(429, ErrorType.CAPACITY, "engine_overloaded", message)
                        .retryAfter(e.retryAfterSeconds());
            case InferenceException.TenantLimitReached e ->
                ErrorAnswer.of(429, ErrorType.RATE_LIMIT, "rate_limit_exceeded", message)
                        .retryAfter(e.retryAfterSeconds());
            case InferenceException.DeadlineExceeded e ->
                ErrorAnswer.of(504, ErrorType.SERVER, "deadline_exceeded", message);
            case InferenceException.ShuttingDown e ->
                ErrorAnswer.of(503, ErrorType.SERVER, "shutting_down", message).retryAfter(e.retryAfterSeconds());
            case InferenceException.NoRoomForModel e ->
                e.retryAfterSeconds().isPresent()
                        ? ErrorAnswer.of(503, ErrorType.CAPACITY, "no_room_for_model", message)
                                .retryAfter(e.retryAfterSeconds().getAsInt())
                        : ErrorAnswer.of(503, ErrorType.CAPACITY, "no_room_for_model", message);
            case InferenceException.EngineFailed e ->
                ErrorAnswer.of(503, ErrorType.SERVER, "engine_failed", message).retryAfter(RETRY_SECONDS);
        };
    }

    private static ErrorAnswer ofReview(ReviewException failure) {
        String message = message(failure);
        return switch (failure) {
            case ReviewException.UnknownCase e ->
                ErrorAnswer.of(404, ErrorType.INVALID_REQUEST, "not_found", message)
                        .about("id");
            case ReviewException.ClaimedByAnother e ->
                ErrorAnswer.of(409, ErrorType.INVALID_REQUEST, "case_claimed", message);
            case ReviewException.LeaseLost e ->
                ErrorAnswer.of(409, ErrorType.INVALID_REQUEST, "lease_lost", message)
                        .about("token");
            case ReviewException.AlreadyDecided e ->
                ErrorAnswer.of(409, ErrorType.INVALID_REQUEST, "case_decided", message);
            case ReviewException.AlreadyEscalated e ->
                ErrorAnswer.of(409, ErrorType.INVALID_REQUEST, "case_escalated", message)
                        .about("decision");
            case ReviewException.FourEyes e -> ErrorAnswer.of(403, ErrorType.PERMISSION, "four_eyes", message);
            case ReviewException.NotInForm e ->
                ErrorAnswer.of(422, ErrorType.INVALID_REQUEST, "answer_not_in_form", message)
                        .about("texts");
            case ReviewException.InvalidDecision e ->
                ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, "invalid_value", message)
                        .about(e.param());
        };
    }

    private static ErrorAnswer ofJson(JsonProcessingException outer) {
        // Where the text itself is broken, data binding wraps the parser's exception.
        JsonProcessingException failure = outer.getCause() instanceof StreamReadException broken ? broken : outer;
        String param = failure instanceof JsonMappingException mapping ? JsonPath.of(mapping) : "";
        if (failure instanceof UnrecognizedPropertyException unknown) {
            return ErrorAnswer.of(
                            400,
                            ErrorType.INVALID_REQUEST,
                            "unknown_parameter",
                            "Unknown parameter '%s'. The OpenAPI document at /q/openapi lists those that exist."
                                    .formatted(param.isEmpty() ? unknown.getPropertyName() : param))
                    .about(param);
        }
        JsonLocation at = failure.getLocation();
        String where = at == null ? "" : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
        boolean malformed = param.isEmpty();
        String message = malformed
                ? "The body is not valid JSON%s: %s".formatted(where, JsonPath.firstSentence(failure))
                : "The value of '%s'%s does not fit: %s".formatted(param, where, JsonPath.expectation(failure));
        return ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, malformed ? "invalid_json" : "invalid_value", message)
                .about(malformed ? null : param);
    }

    private static ErrorAnswer ofViolations(ConstraintViolationException failure) {
        var ordered = failure.getConstraintViolations().stream()
                .sorted(Comparator.comparing(v -> v.getPropertyPath().toString()))
                .toList();
        String message = ordered.stream()
                .map(v -> "%s %s".formatted(field(v), v.getMessage()))
                .collect(Collectors.joining("; ", "", "."));
        return ErrorAnswer.of(400, ErrorType.INVALID_REQUEST, "invalid_value", message)
                .about(ordered.isEmpty() ? null : field(ordered.getFirst()));
    }

    /** The parameter as the caller knows it: without the names of method and argument. */
    private static String field(ConstraintViolation<?> violation) {
        return StreamSupport.stream(violation.getPropertyPath().spliterator(), false)
                .skip(1)
                .map(Path.Node::toString)
                .reduce((first, second) -> second)
                .orElse(violation.getPropertyPath().toString());
    }

    private static ErrorAnswer notAuthenticated() {
        return ErrorAnswer.of(
                401,
                ErrorType.AUTHENTICATION,
                "invalid_api_key",
                "The credential is wrong, expired or revoked. Create an API key with POST /api/v1/api-keys, or sign in"
                        + " again for a new access token.");
    }

    /** Class 08 connection exception, 57P0x server shutting down or starting, 53300 too many connections. */
    private static boolean databaseAway(SQLException failure) {
        String state = failure.getSQLState();
        if (state == null) {
            return failure.getMessage() != null && failure.getMessage().contains("Acquisition timeout");
        }
        return state.startsWith("08") || state.startsWith("57P") || state.equals("53300");
    }

    private static ErrorAnswer databaseAnswer() {
        return ErrorAnswer.of(
                        503,
                        ErrorType.CAPACITY,
                        "database_unavailable",
                        "The database cannot be reached at the moment; nothing was changed. Try again in %d s."
                                .formatted(RETRY_SECONDS))
                .retryAfter(RETRY_SECONDS);
    }
}
