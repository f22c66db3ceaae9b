package io.plumbline.platform.audit;

import io.plumbline.compliance.audit.AuditEntry;
import java.util.List;

/**
 * Some entries, newest first.
 *
 * @param more whether there are further ones, after the last of these
 */
public record AuditPage(List<AuditEntry> entries, boolean more) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}
