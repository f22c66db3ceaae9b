package io.plumbline.platform.error;

/** Who must act on an error; the {@code type} of OpenAI's error object. */
public enum ErrorType {
    /** The caller: the request is wrong. */
    INVALID_REQUEST("invalid_request_error"),
    /** The caller: no valid credential. */
    AUTHENTICATION("authentication_error"),
    /** The tenant's administrator: the credential may not do this. */
    PERMISSION("permission_error"),
    /** The caller, later: a limit of the tenant is reached. */
    RATE_LIMIT("rate_limit_error"),
    /** The caller, later: this installation has no capacity, or a part of it is away. */
    CAPACITY("overloaded_error"),
    /** Us. */
    SERVER("server_error");

    private final String wireName;

    ErrorType(String wireName) {
        this.wireName = wireName;
    }

    public String wireName() {
        return wireName;
    }
}
