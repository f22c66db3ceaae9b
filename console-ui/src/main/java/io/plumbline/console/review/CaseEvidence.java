package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.NativeDetails;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseFinding;
import io.plumbline.compliance.review.CaseMessage;
import io.plumbline.compliance.review.HeldChoice;
import io.plumbline.compliance.review.ReviewCase;
import java.util.List;

/** What was asked and what the model wrote, with the spans at which rules fired. */
final class CaseEvidence extends Div {
    private static final long serialVersionUID = 1L;

    CaseEvidence(ReviewCase held) {
        addClassName("evidence");
        Div conversation = new Div(new H3(text("review.conversation")));
        conversation.addClassName("panel");
        conversation.setId("case-conversation");
        int last = held.conversation().size() - 1;
        if (last > 0) {
            conversation.add(earlier(held, last));
        }
        conversation.add(message(held, last));
        Div answer = new Div(new H3(text("review.held_answer")));
        answer.addClassName("panel");
        answer.setId("case-answer");
        for (HeldChoice choice : held.choices()) {
            String label = held.choices().size() > 1 ? text("review.choice", choice.index() + 1) : "";
            answer.add(said(label, choice.generated(), about(held, "choices[%d]".formatted(choice.index()))));
            if (choice.ending().equals("length")) {
                Span cut = new Span(text("review.cut"));
                cut.addClassName("muted");
                answer.add(cut);
            }
        }
        add(conversation, answer);
    }

    /** What came before the question, folded away unless it is what holds the answer. */
    private static NativeDetails earlier(ReviewCase held, int last) {
        Div before = new Div();
        before.addClassName("evidence");
        boolean holds = false;
        for (int i = 0; i < last; i++) {
            before.add(message(held, i));
            holds |= about(held, item(i)).stream().anyMatch(CaseFinding::holds);
        }
        NativeDetails details = new NativeDetails(text("review.earlier", last), before);
        details.setId("case-earlier");
        details.setOpen(holds);
        return details;
    }

    private static Div message(ReviewCase held, int index) {
        CaseMessage message = held.conversation().get(index);
        Div said = said(text("review.role." + role(message.role())), message.content(), about(held, item(index)));
        said.addClassName("said-" + role(message.role()));
        return said;
    }

    private static String item(int index) {
        return "messages[%d]".formatted(index);
    }

    private static Div said(String who, String words, List<CaseFinding> findings) {
        Div said = new Div();
        said.addClassName("said");
        if (!who.isEmpty()) {
            Span label = new Span(who);
            label.addClassNames("muted", "who");
            said.add(label);
        }
        said.add(new MarkedText(words, findings));
        findings.stream()
                .filter(finding -> finding.start() < 0)
                .map(CaseFinding::rule)
                .distinct()
                .forEach(rule -> {
                    Span whole = new Span(text("review.whole_text", rule));
                    whole.addClassNames("muted", "whole");
                    said.add(whole);
                });
        return said;
    }

    private static List<CaseFinding> about(ReviewCase held, String item) {
        return held.findings().stream()
                .filter(finding -> finding.item().equals(item))
                .toList();
    }

    /** Roles that callers may use; anything else would have been refused at the door. */
    private static String role(String role) {
        return List.of("system", "user", "assistant").contains(role) ? role : "user";
    }
}
