package io.plumbline.platform.error;

import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A fact that ends a request; one subclass per fact, annotated with {@link AnswersWith}. The message is meant for the
 * caller and says what to do.
 */
public abstract class PlatformException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String param;

    protected PlatformException(String message) {
        this(message, null);
    }

    protected PlatformException(String message, @Nullable String param) {
        super(message);
        this.param = param;
    }

    /** The request parameter that is wrong. */
    public Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /** When trying again makes sense, in seconds. */
    public OptionalInt retryAfterSeconds() {
        return OptionalInt.empty();
    }
}
