package io.plumbline.platform.audit;

import java.sql.SQLException;

/** The database did not give the log; what to tell the caller follows from the cause. */
final class AuditLogUnreadable extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    AuditLogUnreadable(SQLException cause) {
        super("the audit log cannot be read", cause);
    }
}
