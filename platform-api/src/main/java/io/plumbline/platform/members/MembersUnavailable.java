package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;
import java.util.OptionalInt;

/** Keycloak does not answer, so nobody can be listed, added or changed. */
@AnswersWith(status = 503, type = ErrorType.CAPACITY, code = "members_unavailable")
public final class MembersUnavailable extends PlatformException {
    private static final long serialVersionUID = 1L;
    private static final int RETRY_SECONDS = 5;

    public MembersUnavailable(Throwable cause) {
        super("Keycloak, which keeps the accounts, does not answer at the moment. Try again in %d s."
                .formatted(RETRY_SECONDS));
        initCause(cause);
    }

    @Override
    public OptionalInt retryAfterSeconds() {
        return OptionalInt.of(RETRY_SECONDS);
    }
}
