package io.plumbline.platform.error;

import java.util.Optional;

/** What a bare HTTP status of the framework means to the caller. */
final class HttpStatusAnswer {
    private HttpStatusAnswer() {}

    /** Empty if the status is not an error of the caller that we know. */
    static Optional<ErrorAnswer> of(int status) {
        return Optional.ofNullable(
                switch (status) {
                    case 400 ->
                        invalid(400, "invalid_request", "The request is malformed; /q/openapi describes every route.");
                    case 401 ->
                        ErrorAnswer.of(
                                401,
                                ErrorType.AUTHENTICATION,
                                "invalid_api_key",
                                "No valid credential. Send 'Authorization: Bearer ' followed by an API key or access token.");
                    case 403 ->
                        ErrorAnswer.of(403, ErrorType.PERMISSION, "forbidden", "Your credential may not do this.");
                    case 404 ->
                        invalid(404, "unknown_url", "There is no such route; /q/openapi lists those that exist.");
                    case 405 ->
                        invalid(405, "method_not_allowed", "This route does not take that method; see /q/openapi.");
                    case 406 ->
                        invalid(406, "not_acceptable", "This route answers in JSON; send 'Accept: application/json'.");
                    case 413 -> invalid(413, "body_too_large", "The body is larger than this route takes.");
                    case 415 ->
                        invalid(
                                415,
                                "unsupported_media_type",
                                "This route does not take that Content-Type. JSON routes take application/json, uploads"
                                        + " multipart/form-data.");
                    case 431 -> invalid(431, "headers_too_large", "The request's headers are too large.");
                    default -> null;
                });
    }

    private static ErrorAnswer invalid(int status, String code, String message) {
        return ErrorAnswer.of(status, ErrorType.INVALID_REQUEST, code, message);
    }
}
