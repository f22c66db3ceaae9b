package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.AttachmentType;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.server.streams.DownloadHandler;
import io.plumbline.compliance.audit.Damage;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.compliance.audit.TreeHead;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.SignedIn;
import io.plumbline.platform.audit.LogExport;
import io.plumbline.platform.audit.LogVerification;
import java.util.Optional;

/** What the log says of itself, the check of all of it, and the file to take along. */
final class HeadPanel extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final transient AuditDesk desk;
    private final Button verify = new Button(text("auditlog.verify_log"));
    private final Div result = new Div();

    HeadPanel(ConsoleSession session, AuditDesk desk, Optional<SignedTreeHead> head) {
        this.session = session;
        this.desk = desk;
        addClassName("panel");
        setId("audit-head");
        add(new H3(text("auditlog.head")));
        if (head.isEmpty()) {
            add(new Span(text("auditlog.no_head")));
            return;
        }
        add(facts(head.get()));
        verify.setId("audit-verify-log");
        verify.addClickListener(click -> verify());
        Anchor export = new Anchor(download(), AttachmentType.DOWNLOAD, text("auditlog.export"));
        export.setId("audit-export");
        Div actions = new Div(verify, export);
        actions.addClassName("actions");
        Span about = new Span(text("auditlog.export_about"));
        about.addClassName("muted");
        result.setId("audit-log-result");
        result.getElement().setAttribute("role", "status");
        add(actions, about, result);
    }

    /** The facts of a signed tree head. */
    static DescriptionList facts(SignedTreeHead signed) {
        TreeHead head = signed.head();
        DescriptionList list = new DescriptionList();
        list.addClassName("facts");
        EntryPanel.fact(list, "auditlog.size", new Span(number(head.size())));
        EntryPanel.fact(list, "auditlog.root", EntryPanel.mono(head.root().hex()));
        EntryPanel.fact(list, "auditlog.signed_at", new Span(time(head.time())));
        EntryPanel.fact(list, "auditlog.key", EntryPanel.mono(signed.keyId()));
        return list;
    }

    private DownloadHandler download() {
        SignedIn who = session.signedIn();
        return event -> {
            LogExport export = session.as(who, desk::export);
            event.setFileName(export.fileName());
            event.setContentType("application/jsonl");
            export.writeTo(event.getOutputStream());
        };
    }

    private void verify() {
        verify.setEnabled(false);
        result.setText(text("auditlog.verifying"));
        result.setClassName("muted");
        UI ui = UI.getCurrent();
        Thread work = Live.start(session, () -> {
            try {
                LogVerification found = desk.verify();
                Live.update(ui, () -> tell(found));
            } catch (RuntimeException failure) {
                Live.update(ui, () -> {
                    verify.setEnabled(true);
                    result.setText("");
                    Failures.show(failure);
                });
            }
        });
        work.setName("verify-audit-log");
    }

    private void tell(LogVerification found) {
        verify.setEnabled(true);
        result.removeAll();
        if (found.damage().isEmpty()) {
            result.setClassName("verdict good");
            result.add(new Span(text("auditlog.intact", number(found.entries()))));
            return;
        }
        Damage damage = found.damage().get();
        result.setClassName("verdict bad");
        String where = damage.index().isPresent()
                ? text("auditlog.damage_entry", String.valueOf(damage.index().getAsLong()))
                : text("auditlog.damage_log");
        result.add(
                new Div(where),
                new Div(damage.toString()),
                new Div(text("auditlog.damage_before", number(found.entries()))),
                new Div(text("auditlog.damage_remedy")));
    }
}
