package io.plumbline.platform.error;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * An error as it will be told to the caller.
 *
 * @param status HTTP status
 * @param type who must act
 * @param code stable name for programs
 * @param param the wrong request parameter, or null
 * @param message what happened and what to do
 * @param retryAfterSeconds when trying again makes sense
 */
public record ErrorAnswer(
        int status,
        ErrorType type,
        String code,
        @Nullable String param,
        String message,
        OptionalInt retryAfterSeconds) {

    public static ErrorAnswer of(int status, ErrorType type, String code, String message) {
        return new ErrorAnswer(status, type, code, null, message, OptionalInt.empty());
    }

    public ErrorAnswer about(@Nullable String newParam) {
        return new ErrorAnswer(status, type, code, newParam, message, retryAfterSeconds);
    }

    public ErrorAnswer retryAfter(int seconds) {
        return new ErrorAnswer(status, type, code, param, message, OptionalInt.of(seconds));
    }

    public ErrorBody body() {
        return new ErrorBody(new ErrorBody.Detail(message, type.wireName(), param, code));
    }
}
