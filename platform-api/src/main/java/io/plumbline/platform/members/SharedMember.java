package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** Roles and password of the account hold outside the organisation too, so its administrator cannot change them. */
@AnswersWith(status = 409, code = "shared_member")
public final class SharedMember extends PlatformException {
    private static final long serialVersionUID = 1L;

    public SharedMember(String username) {
        super(
                ("'%s' also works outside your organisation, and roles hold everywhere; only the operator changes them. You"
                                + " can remove the person from your organisation.")
                        .formatted(username));
    }
}
