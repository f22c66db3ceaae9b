package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.AttachmentType;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.server.streams.DownloadHandler;
import io.plumbline.compliance.audit.EntryProof;
import io.plumbline.compliance.audit.SignedTreeHead;
import io.plumbline.console.component.Failures;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.SignedIn;
import io.plumbline.platform.audit.AuditLogDamaged;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The proof that an entry is in the log: its way to the signed root, to be looked at, checked and taken along. */
final class ProofPanel extends Div {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final transient AuditDesk desk;
    private final long index;
    private final Div result = new Div();

    ProofPanel(ConsoleSession session, AuditDesk desk, EntryProof proof) {
        this.session = session;
        this.desk = desk;
        this.index = proof.entry().index();
        addClassName("panel");
        setId("audit-proof");
        Button verify = new Button(text("auditlog.verify"), click -> verify());
        verify.setId("audit-verify-proof");
        verify.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Anchor file = new Anchor(download(), AttachmentType.DOWNLOAD, text("auditlog.proof_file"));
        file.setId("audit-proof-file");
        Div actions = new Div(verify, file);
        actions.addClassName("actions");
        result.setId("audit-proof-result");
        result.getElement().setAttribute("role", "status");
        add(new H3(text("auditlog.proof")), new Paragraph(text("auditlog.proof_about")), actions, result, path(proof));
        add(new H3(text("auditlog.against")), HeadPanel.facts(proof.head()));
    }

    private static OrderedList path(EntryProof proof) {
        OrderedList path = new OrderedList();
        path.addClassName("proof-path");
        path.add(step(text("auditlog.leaf"), proof.entry().leafHash().hex(), ""));
        List<ProofStep> steps = ProofStep.of(proof);
        for (ProofStep step : steps) {
            String side = text(step.siblingLeft() ? "auditlog.with_left" : "auditlog.with_right");
            path.add(step(
                    side,
                    step.sibling().hex(),
                    text("auditlog.gives", step.result().hex())));
        }
        path.add(step(text("auditlog.reaches"), proof.head().head().root().hex(), ""));
        return path;
    }

    private static ListItem step(String caption, String hash, String result) {
        ListItem item = new ListItem();
        Span label = new Span(caption);
        label.addClassName("muted");
        item.add(new Div(label, EntryPanel.mono(hash)));
        if (!result.isEmpty()) {
            Span gives = EntryPanel.mono(result);
            gives.addClassName("gives");
            item.add(gives);
        }
        return item;
    }

    private DownloadHandler download() {
        SignedIn who = session.signedIn();
        return event -> {
            EntryProof proof = session.as(who, () -> desk.proof(index));
            event.setFileName(
                    "audit-proof-%s-%d.json".formatted(proof.entry().tenant().value(), index));
            event.setContentType("application/json");
            event.getOutputStream().write((proof.json() + "\n").getBytes(StandardCharsets.UTF_8));
        };
    }

    /** Reads the log again and checks what it says now. */
    private void verify() {
        result.removeAll();
        try {
            EntryProof proof = desk.proof(index);
            List<String> problems = proof.problems();
            if (problems.isEmpty()) {
                holds(proof);
            } else {
                result.setClassName("verdict bad");
                result.add(new Div(text("auditlog.broken")));
                problems.forEach(problem -> result.add(new Div(problem)));
            }
        } catch (AuditLogDamaged damaged) {
            result.setClassName("verdict bad");
            result.add(new Div(text("auditlog.broken")), new Div(Failures.message(damaged)));
        }
    }

    private void holds(EntryProof proof) {
        SignedTreeHead head = proof.head();
        result.setClassName("verdict good");
        result.add(
                new Div(text("auditlog.holds", String.valueOf(index))),
                new Div(text(
                        "auditlog.holds_means",
                        time(head.head().time()),
                        number(head.head().size()),
                        head.keyId())),
                new Div(text("auditlog.holds_offline")));
    }
}
