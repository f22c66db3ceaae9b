package io.plumbline.console.playground;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.RuleCard;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One question and its answer. Both are text, whatever they contain: nothing of them is ever markup. */
final class TurnPanel extends Div {
    private static final long serialVersionUID = 1L;
    private static final double MILLIS = 1000;

    private final transient Turn turn;
    private final boolean audit;
    private final Div answer = new Div();
    private final Div notice = new Div();
    private final Div figures = new Div();
    private final Div rules = new Div();
    private boolean complete;

    /** @param audit whether the person may look at the audit log */
    TurnPanel(Turn turn, boolean audit) {
        this.turn = turn;
        this.audit = audit;
        addClassName("turn");
        Div question = new Div();
        question.setText(turn.question());
        question.addClassNames("bubble", "question", "prose");
        answer.addClassNames("bubble", "answer", "prose");
        notice.addClassName("notice");
        notice.setVisible(false);
        figures.addClassNames("figures", "muted");
        rules.addClassName("rules");
        add(question, answer, notice, figures, rules);
        draw();
    }

    Turn turn() {
        return turn;
    }

    /** Shows what there is now. */
    void draw() {
        Reply reply = turn.reply();
        if (complete) {
            return;
        }
        String shown = reply.text().isEmpty() && reply.phase().running() ? text("playground.waiting") : reply.text();
        answer.setText(shown);
        answer.setVisible(!shown.isEmpty());
        answer.setClassName("typing", reply.phase().running());
        answer.getElement().setAttribute("data-phase", reply.phase().name().toLowerCase(Locale.ROOT));
        complete = !reply.phase().running();
        if (complete) {
            tell(reply);
            reply.end().ifPresent(end -> show(reply, end));
        }
    }

    private void tell(Reply reply) {
        Optional<String> said =
                switch (reply.phase()) {
                    case WITHHELD -> reply.end().flatMap(AnswerEnd::refusal);
                    case FAILED -> reply.failure().map(Failures::message);
                    case CUT -> Optional.of(text("playground.cut"));
                    case STOPPED -> Optional.of(text("playground.stopped"));
                    case WAITING, STREAMING, COMPLETE -> Optional.empty();
                };
        notice.setVisible(said.isPresent());
        notice.removeAll();
        said.ifPresent(words -> notice.add(new Span(words)));
        if (reply.phase() == Reply.Phase.WITHHELD) {
            Div about = new Div(text("playground.withheld"));
            about.addClassName("muted");
            notice.add(about);
        }
    }

    private void show(Reply reply, AnswerEnd end) {
        figures.removeAll();
        figures.add(
                new Span(text(
                        "playground.tokens",
                        number(end.tokens().prompt()),
                        number(end.tokens().cached()),
                        number(end.tokens().generated()))),
                new Span(text(
                        "playground.times",
                        end.firstText().map(TurnPanel::seconds).orElse("–"),
                        seconds(end.total()))));
        reply.answerId().ifPresent(id -> figures.add(identity(id)));
        rules.removeAll();
        if (!end.rules().isEmpty()) {
            rules.add(new Span(text("playground.rules", end.rules().size())));
            cards(end.rules()).forEach(rules::add);
        }
    }

    private Component identity(String id) {
        if (audit) {
            Anchor link = new Anchor("/console/audit?target=" + id, id);
            link.addClassNames("mono", "answer-id");
            return link;
        }
        Span plain = new Span(id);
        plain.addClassNames("mono", "answer-id");
        return plain;
    }

    private static List<RuleCard> cards(List<FiredRule> fired) {
        return fired.stream()
                .map(rule -> new RuleCard(new RuleCard.Facts(
                        rule.reference(),
                        rule.rule().map(known -> known.title()).orElse(plain(rule.reference())),
                        rule.rule().map(known -> known.message()).orElse(plain(rule.reference())),
                        rule.severity(),
                        rule.action(),
                        rule.rule().map(known -> known.governance().basis()).orElse(List.of()),
                        text(rule.place().key()))))
                .toList();
    }

    private static Bilingual plain(String reference) {
        return new Bilingual(reference, reference);
    }

    private static String seconds(Duration time) {
        return number(time.toMillis() / MILLIS, 2);
    }
}
