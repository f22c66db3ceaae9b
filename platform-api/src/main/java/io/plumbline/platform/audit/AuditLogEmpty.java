package io.plumbline.platform.audit;

import io.plumbline.platform.error.AnswersWith;
import io.plumbline.platform.error.PlatformException;

/** There is no tree head yet. */
@AnswersWith(status = 404, code = "audit_log_empty")
public final class AuditLogEmpty extends PlatformException {
    private static final long serialVersionUID = 1L;

    public AuditLogEmpty() {
        super("Nothing has been logged yet; entries appear about a second after the act.");
    }
}
