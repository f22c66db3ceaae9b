package io.plumbline.console.audit;

import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.Desk;
import io.plumbline.platform.audit.AuditLogEmpty;
import io.plumbline.platform.audit.AuditPage;
import io.plumbline.platform.audit.AuditQuery;
import io.plumbline.platform.audit.AuditTrail;
import io.plumbline.platform.audit.LogExport;
import io.plumbline.platform.audit.LogVerification;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.OptionalLong;

/** The audit log of the tenant that the signed-in person works for. It is only read here. */
@Desk
@ApplicationScoped
public class AuditDesk {
    private final ConsoleSession session;
    private final AuditTrail trail;

    @Inject
    AuditDesk(ConsoleSession session, AuditTrail trail) {
        this.session = session;
        this.trail = trail;
    }

    @RequiresScope(Scope.AUDIT_READ)
    public AuditPage search(AuditQuery query) {
        return trail.search(query);
    }

    /** Empty while nothing was logged. */
    @RequiresScope(Scope.AUDIT_READ)
    public Optional<SignedTreeHead> latestHead() {
        try {
            return Optional.of(trail.latestHead());
        } catch (AuditLogEmpty nothing) {
            return Optional.empty();
        }
    }

    /**
     * The entry and the proof that it is in the log, against the latest tree head; each call computes it anew.
     *
     * @throws io.plumbline.platform.error.NotFound if the log has no such entry
     * @throws io.plumbline.platform.audit.AuditLogDamaged if the stored log does not prove it
     */
    @RequiresScope(Scope.AUDIT_READ)
    public EntryProof proof(long index) {
        return trail.proof(index, OptionalLong.empty());
    }

    /** Recomputes the whole stored log. */
    @RequiresScope(Scope.AUDIT_READ)
    public LogVerification verify() {
        return trail.verify();
    }

    /** The whole log as a file; taking it along is itself an entry. */
    @RequiresScope(Scope.AUDIT_READ)
    public LogExport export() {
        return trail.export(session.caller(), OptionalLong.empty(), OptionalLong.empty());
    }
}
