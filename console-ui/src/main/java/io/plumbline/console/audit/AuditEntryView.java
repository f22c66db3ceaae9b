package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.Route;
import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.console.component.Failures;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.audit.AuditLogDamaged;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;

/** One entry of the audit log, and its proof. */
@RequiresScope(Scope.AUDIT_READ)
@Route(value = "audit/:index", layout = MainLayout.class)
public class AuditEntryView extends Div implements Titled, BeforeEnterObserver {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final transient AuditDesk desk;
    private String index = "";

    @Inject
    public AuditEntryView(ConsoleSession session, AuditDesk desk) {
        this.session = session;
        this.desk = desk;
        addClassNames("view", "audit");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        index = entering.getRouteParameters().get("index").orElse("");
        removeAll();
        Anchor back = new Anchor("/console/audit", text("auditlog.back"));
        back.setId("audit-back");
        try {
            EntryProof proof = desk.proof(Long.parseLong(index));
            Div body = new Div(new EntryPanel(proof.entry()), new ProofPanel(session, desk, proof));
            body.addClassName("audit-body");
            add(back, body);
        } catch (NotFound | NumberFormatException unknown) {
            entering.rerouteToError(NotFoundException.class);
        } catch (AuditLogDamaged damaged) {
            Div told = new Div(new Div(text("auditlog.broken")), new Div(Failures.message(damaged)));
            told.addClassNames("verdict", "bad");
            add(back, told);
        }
    }

    @Override
    public String title() {
        return text("auditlog.entry_title", index);
    }
}
