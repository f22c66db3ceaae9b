package io.plumbline.platform.members;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** The person is a member already. */
@AnswersWith(status = 409, code = "member_exists")
public final class MemberExists extends PlatformException {
    private static final long serialVersionUID = 1L;

    public MemberExists(String email) {
        super("'%s' is a member of your organisation already; change the roles there.".formatted(email), "email");
    }
}
