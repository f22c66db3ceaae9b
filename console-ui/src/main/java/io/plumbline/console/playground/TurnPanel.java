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
    private final transient Rights rights;
    private final Div answer = new Div();
    private final Div notice = new Div();
    private final Div figures = new Div();
    private final Div rules = new Div();
    private transient Optional<Reply> drawn = Optional.empty();

    /**
     * Where the person may go from here.
     *
     * @param audit to the audit log
     * @param reviews to the case
     */
    record Rights(boolean audit, boolean reviews) {}

    TurnPanel(Turn turn, Rights rights) {
        this.turn = turn;
        this.rights = rights;
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
        if (drawn.filter(reply::equals).isPresent()) {
            return;
        }
        drawn = Optional.of(reply);
        String shown = reply.text().isEmpty() && reply.phase().running() ? text("playground.waiting") : reply.text();
        answer.setText(shown);
        answer.setVisible(!shown.isEmpty());
        answer.setClassName("typing", reply.phase().running());
        answer.getElement().setAttribute("data-phase", reply.phase().name().toLowerCase(Locale.ROOT));
        if (!reply.phase().running()) {
            tell(reply);
            reply.end().ifPresent(end -> show(reply, end));
        }
    }

    private void tell(Reply reply) {
        Optional<String> said =
                switch (reply.phase()) {
                    case WITHHELD, HELD -> reply.end().flatMap(AnswerEnd::refusal);
                    case RELEASED -> Optional.of(text("playground.released"));
                    case REFUSED -> Optional.of(text("playground.refused"));
                    case FAILED -> reply.failure().map(Failures::message);
                    case CUT -> Optional.of(text("playground.cut"));
                    case STOPPED -> Optional.of(text("playground.stopped"));
                    case WAITING, STREAMING, COMPLETE -> Optional.empty();
                };
        notice.removeAll();
        notice.setVisible(said.isPresent());
        notice.setClassName("good", reply.phase() == Reply.Phase.RELEASED);
        said.ifPresent(words -> notice.add(new Div(words)));
        caseId(reply).ifPresent(id -> notice.add(caseLine(reply, id)));
        if (reply.phase() == Reply.Phase.WITHHELD || caseId(reply).isPresent()) {
            Div about = new Div(text("playground.left_out"));
            about.addClassName("muted");
            notice.add(about);
        }
    }

    private static Optional<String> caseId(Reply reply) {
        return reply.end().flatMap(AnswerEnd::caseId);
    }

    private Div caseLine(Reply reply, String id) {
        Component name = identity(id, rights.reviews() ? "/console/reviews/" + id : "");
        name.setId("held-case");
        Span words = new Span(text(reply.phase() == Reply.Phase.HELD ? "playground.held" : "playground.case"));
        return new Div(words, new Span(" "), name);
    }

    private void show(Reply reply, AnswerEnd end) {
        figures.removeAll();
        figures.add(
                new Span(text(
                        "playground.tokens",
                        number(end.tokens().prompt()),
                        number(end.tokens().cached()),
                        number(end.tokens().completion()))),
                new Span(text(
                        "playground.times",
                        end.firstText().map(TurnPanel::seconds).orElse("–"),
                        seconds(end.total()))));
        reply.answerId()
                .ifPresent(id -> figures.add(identity(id, rights.audit() ? "/console/audit?target=" + id : "")));
        rules.removeAll();
        if (!end.rules().isEmpty()) {
            rules.add(new Span(text("playground.rules", end.rules().size())));
            cards(end.rules()).forEach(rules::add);
        }
    }

    private static Component identity(String id, String address) {
        if (address.isEmpty()) {
            Span plain = new Span(id);
            plain.addClassName("mono");
            return plain;
        }
        Anchor link = new Anchor(address, id);
        link.addClassName("mono");
        return link;
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
