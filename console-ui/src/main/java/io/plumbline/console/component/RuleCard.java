package io.plumbline.console.component;

import static io.plumbline.console.i18n.Texts.choose;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.html.UnorderedList;
import io.plumbline.compliance.rule.Action;
import io.plumbline.compliance.rule.Basis;
import io.plumbline.compliance.rule.Bilingual;
import java.util.List;
import java.util.Locale;

/** A rule that fired: which, why, on what ground, and where. */
public final class RuleCard extends Div {
    private static final long serialVersionUID = 1L;

    /**
     * What the card shows.
     *
     * @param reference id and version
     * @param title what the rule is about
     * @param message what it tells the caller
     * @param severity 1 (highest) to 4
     * @param action what it asked for
     * @param basis what it rests on
     * @param place where it fired, in the language of the page
     */
    public record Facts(
            String reference,
            Bilingual title,
            Bilingual message,
            int severity,
            Action action,
            List<Basis> basis,
            String place) {
        public Facts {
            basis = List.copyOf(basis);
        }
    }

    public RuleCard(Facts rule) {
        addClassName("rule-card");
        Span reference = new Span(rule.reference());
        reference.addClassName("mono");
        Span title = new Span(choose(rule.title()));
        title.addClassName("rule-title");
        Div head = new Div(title, reference);
        head.addClassName("rule-head");
        Div marks = new Div(action(rule.action()), severity(rule.severity()));
        if (!rule.place().isEmpty()) {
            Span place = new Span(rule.place());
            place.addClassName("muted");
            marks.add(place);
        }
        marks.addClassName("rule-marks");
        add(head, marks, new Paragraph(choose(rule.message())));
        if (!rule.basis().isEmpty()) {
            add(basis(rule.basis()));
        }
    }

    /** A badge for what a rule asks for. */
    public static Span action(Action action) {
        String look =
                switch (action) {
                    case ESCALATE, BLOCK -> "bad";
                    case HOLD, REDACT, REWRITE -> "wait";
                    case FLAG, SAMPLE, LOG -> "busy";
                };
        return badge(text("rule.action." + name(action)), look);
    }

    /** A badge for a severity. */
    public static Span severity(int severity) {
        return badge(text("rule.severity", severity), severity == 1 ? "bad" : severity == 2 ? "wait" : "plain");
    }

    private static Div basis(List<Basis> basis) {
        Span caption = new Span(text("rule.basis"));
        caption.addClassName("muted");
        UnorderedList list = new UnorderedList();
        for (Basis ground : basis) {
            Span status = badge(text("rule.status." + name(ground.status())), look(ground.status()));
            list.add(new ListItem(
                    new Span(
                            ground.clause().isEmpty()
                                    ? ground.instrument()
                                    : ground.instrument() + " · " + ground.clause()),
                    status));
        }
        Div part = new Div(caption, list);
        part.addClassName("rule-basis");
        return part;
    }

    private static String look(Basis.Status status) {
        return switch (status) {
            case CHECKED -> "good";
            case TO_CHECK -> "wait";
            case NOT_LAW -> "plain";
        };
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static Span badge(String text, String look) {
        Span badge = new Span(text);
        badge.addClassNames("badge", look);
        return badge;
    }
}
