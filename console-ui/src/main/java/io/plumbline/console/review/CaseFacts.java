package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.review.Escalation;
import io.plumbline.compliance.review.Outcome;
import io.plumbline.compliance.review.ReviewCase;
import io.plumbline.console.component.RuleCard;
import java.util.List;

/** Why the case is there and where it comes from. */
final class CaseFacts extends Div {
    private static final long serialVersionUID = 1L;

    private final boolean audit;

    /** @param audit whether the person may look at the audit log of the case's tenant */
    CaseFacts(ReviewCase held, boolean audit) {
        this.audit = audit;
        addClassName("case-facts");
        held.outcome().ifPresent(how -> add(outcome(held, how)));
        held.escalation().ifPresent(how -> add(escalation(how)));
        add(rules(
                "review.why",
                "case-rules",
                held.findings().stream().filter(CaseFinding::holds).toList()));
        List<CaseFinding> others =
                held.findings().stream().filter(finding -> !finding.holds()).toList();
        if (!others.isEmpty()) {
            add(rules("review.also", "case-also", others));
        }
        add(origin(held));
    }

    private static Div rules(String title, String id, List<CaseFinding> findings) {
        Div panel = panel(title);
        panel.setId(id);
        findings.stream()
                .map(finding -> CaseWords.card(finding, place(finding)))
                .distinct()
                .forEach(card -> panel.add(new RuleCard(card)));
        return panel;
    }

    private static String place(CaseFinding finding) {
        String where = text(finding.item().startsWith("choices") ? "review.in_answer" : "review.in_conversation");
        return finding.abstained().isPresent() ? where + " · " + text("review.abstained") : where;
    }

    private static Div escalation(Escalation how) {
        Div panel = panel("review.escalation");
        Div reason = new Div(how.reason());
        reason.addClassName("prose");
        panel.add(new Span(text("review.by_at", how.by(), time(how.at()))), reason);
        return panel;
    }

    private static Div outcome(ReviewCase held, Outcome how) {
        Div panel = panel("review.outcome");
        panel.setId("case-outcome");
        String by = how.by().equals("system") ? text("review.by_deadline") : how.by();
        panel.add(new Div(CaseWords.state(held.state()), new Span(" " + text("review.by_at", by, time(how.at())))));
        how.reason().ifPresent(reason -> panel.add(prose(text("review.reason"), reason)));
        how.note().ifPresent(note -> panel.add(prose(text("review.note"), note)));
        held.choices().forEach(choice -> choice.released().ifPresent(released -> {
            Div text = prose(text("review.released_text"), released);
            text.setId("case-released-" + choice.index());
            panel.add(text);
        }));
        return panel;
    }

    private static Div prose(String caption, String words) {
        Span label = new Span(caption);
        label.addClassName("muted");
        Div text = new Div(words);
        text.addClassName("prose");
        return new Div(label, text);
    }

    private Div origin(ReviewCase held) {
        Div panel = panel("review.origin");
        DescriptionList list = new DescriptionList();
        list.addClassName("facts");
        fact(list, "review.tenant", new Span(held.tenant().value()));
        fact(list, "review.model", mono(held.origin().model()));
        held.origin().deployment().ifPresent(id -> fact(list, "review.deployment", mono(id)));
        fact(list, "review.asked_by", new Span(held.origin().askedBy()));
        fact(list, "review.opened", new Span(time(held.openedAt())));
        fact(list, "review.deadline", new Span(time(held.deadline())));
        fact(list, "review.case_id", identity(held.id().value()));
        fact(list, "review.answer_id", identity(held.origin().answerId()));
        fact(list, "review.rule_set", mono(held.origin().ruleSet()));
        panel.add(list);
        return panel;
    }

    private Component identity(String id) {
        if (!audit) {
            return mono(id);
        }
        Anchor link = new Anchor("/console/audit?target=" + id, id);
        link.addClassName("mono");
        link.setTitle(text("review.to_audit"));
        return link;
    }

    private static void fact(DescriptionList list, String caption, Component value) {
        list.add(new DescriptionList.Term(text(caption)), new DescriptionList.Description(value));
    }

    private static Span mono(String text) {
        Span span = new Span(text);
        span.addClassName("mono");
        return span;
    }

    private static Div panel(String title) {
        Div panel = new Div(new H3(text(title)));
        panel.addClassName("panel");
        return panel;
    }
}
