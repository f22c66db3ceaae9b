package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** Nobody changes their own rights: so nobody raises them, and an organisation never loses its last administrator. */
@AnswersWith(status = 409, code = "own_membership")
public final class OwnMembership extends PlatformException {
    private static final long serialVersionUID = 1L;

    public OwnMembership() {
        super(
                "You cannot change your own roles, password or membership here. Ask another administrator of your organisation,"
                        + " or the operator.");
    }
}
