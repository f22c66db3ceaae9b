package io.plumbline.platform.audit;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.ErrorType;
import io.plumbline.platform.error.PlatformException;

/** The stored log is not what was signed. */
@AnswersWith(status = 500, type = ErrorType.SERVER, code = "audit_log_damaged")
public final class AuditLogDamaged extends PlatformException {
    private static final long serialVersionUID = 1L;

    public AuditLogDamaged(String what) {
        super(
                "The stored audit log was changed: %s. Verify it (console, or GET /api/v1/audit/export and ./plumbline verify-audit) and tell the operator."
                        .formatted(what));
    }
}
