package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.rule.Bilingual;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.console.i18n.Languages;
import java.util.stream.Collectors;

/** Whether answers leave word by word or only when complete, and because of which rules. */
final class AnswerModeBadge extends Div {
    private static final long serialVersionUID = 1L;

    AnswerModeBadge(ModelDesk.Effect effect) {
        boolean buffered = !effect.buffering().isEmpty();
        Span badge = new Span(text(buffered ? "models.mode.buffered" : "models.mode.streamed"));
        badge.addClassNames("badge", buffered ? "wait" : "good");
        add(badge);
        if (buffered) {
            String rules =
                    effect.buffering().stream().map(AnswerModeBadge::title).collect(Collectors.joining("; "));
            add(new Div(text("models.mode.because", rules)));
        }
    }

    /** As in "MED-004 Red flags without advice". */
    static String title(Rule rule) {
        Bilingual title = rule.title();
        return rule.id() + " " + (Languages.current().equals(Languages.CHINESE) ? title.zh() : title.en());
    }
}
