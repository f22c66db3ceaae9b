package io.plumbline.platform.identity;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** No credential, or one that is not valid (any more). */
@AnswersWith(status = 401, type = ErrorType.AUTHENTICATION, code = "invalid_api_key")
public final class NotAuthenticated extends PlatformException {
    private static final long serialVersionUID = 1L;

    public NotAuthenticated() {
        super(
                "No valid credential. Send 'Authorization: Bearer ' followed by an API key (pl-…) or an access token of your"
                        + " organisation; an administrator of your tenant creates keys with POST /api/v1/api-keys.");
    }
}
