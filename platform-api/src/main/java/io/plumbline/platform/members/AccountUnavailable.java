package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/**
 * An account of that address exists and is not this administrator's to add. Whose it is, is not told: and an account that
 * were put into a second organisation without being asked would have to name one in every request.
 */
@AnswersWith(status = 409, code = "account_unavailable")
public final class AccountUnavailable extends PlatformException {
    private static final long serialVersionUID = 1L;

    public AccountUnavailable(String email) {
        super(
                ("The account of '%s' cannot be added by an administrator of an organisation. Use another address, or ask the"
                                + " operator, who can put an account into several organisations.")
                        .formatted(email),
                "email");
    }
}
