package io.plumbline.platform.identity;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The credential is valid but may not do this. */
@AnswersWith(status = 403, type = ErrorType.PERMISSION, code = "missing_scope")
public final class MissingScope extends PlatformException {
    private static final long serialVersionUID = 1L;

    public MissingScope(Scope scope) {
        super(
                "This needs the scope '%s', which your credential lacks. Ask an administrator of your tenant for a key or a role that has it."
                        .formatted(scope.wireName()));
    }
}
