package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.compliance.audit.AuditableAct;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What an entry says. */
final class EntryPanel extends Div {
    private static final long serialVersionUID = 1L;

    EntryPanel(AuditEntry entry) {
        addClassName("panel");
        setId("audit-entry");
        AuditableAct act = entry.act();
        DescriptionList list = new DescriptionList();
        list.addClassName("facts");
        fact(list, "auditlog.index", new Span(String.valueOf(entry.index())));
        fact(list, "auditlog.time", new Span(time(entry.time()) + " · " + entry.time()));
        fact(list, "auditlog.type", new Div(new Span(ActNames.of(act.type()) + " "), mono(act.type())));
        fact(list, "auditlog.actor", link("actor", act.actor()));
        fact(list, "auditlog.target", link("target", act.target()));
        add(new H3(text("auditlog.what")), list);
        table("auditlog.facts", act.facts());
        table("auditlog.digests", act.digests());
        Span about = new Span(text("auditlog.digests_about"));
        about.addClassName("muted");
        add(about);
    }

    private void table(String title, Map<String, String> values) {
        if (values.isEmpty()) {
            return;
        }
        DescriptionList list = new DescriptionList();
        list.addClassName("facts");
        new TreeMap<>(values)
                .forEach((name, value) -> list.add(
                        new DescriptionList.Term(mono(name)), new DescriptionList.Description(value(name, value))));
        add(new H3(text(title)), list);
    }

    /** A case's answer is what one looks up next. */
    private static Component value(String name, String value) {
        return name.equals("answer") || name.equals("case") ? link("target", value) : mono(value);
    }

    private static Component link(String parameter, String value) {
        Anchor link = new Anchor(
                "/console/audit?%s=%s".formatted(parameter, URLEncoder.encode(value, StandardCharsets.UTF_8)), value);
        link.addClassName("mono");
        link.setTitle(text("auditlog.same"));
        return link;
    }

    static void fact(DescriptionList list, String caption, Component value) {
        list.add(new DescriptionList.Term(text(caption)), new DescriptionList.Description(value));
    }

    static Span mono(String text) {
        Span span = new Span(text);
        span.addClassName("mono");
        return span;
    }
}
