package io.plumbline.console.session;

import com.vaadin.flow.server.VaadinSession;
import io.plumbline.compliance.audit.AuditableAct;
import io.plumbline.platform.id.Ids;
import io.plumbline.platform.identity.Reviewer;
import io.plumbline.platform.tenant.CurrentTenant;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.util.Map;

/** Puts into the audit log that somebody began to work with the console: once for each session and tenant. */
@ApplicationScoped
public class SignInRecord {
    private static final String RECORDED = "plumbline.recorded.";

    private final ConsoleSession session;
    private final CurrentTenant currentTenant;
    private final Event<AuditableAct> acts;

    @Inject
    SignInRecord(ConsoleSession session, CurrentTenant currentTenant, Event<AuditableAct> acts) {
        this.session = session;
        this.currentTenant = currentTenant;
        this.acts = acts;
    }

    /** Records the session unless it is recorded already; a person who cannot be recorded is not let in. */
    public void begin() {
        VaadinSession browser = VaadinSession.getCurrent();
        String key = RECORDED + session.tenant().value();
        if (browser.getAttribute(key) != null) {
            return;
        }
        Reviewer person = session.person();
        AuditableAct act = new AuditableAct(
                "session.started",
                person.subject(),
                Ids.create("session-"),
                Map.of("tenants", String.valueOf(person.tenants().size())),
                Map.of());
        currentTenant.runAs(
                session.tenant(), () -> QuarkusTransaction.requiringNew().run(() -> acts.fire(act)));
        browser.setAttribute(key, Boolean.TRUE);
    }
}
