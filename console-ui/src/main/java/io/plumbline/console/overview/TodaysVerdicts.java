package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.rule.Action;
import io.plumbline.console.i18n.Texts;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** How often rules fired today, by what they asked for; the strongest first. */
final class TodaysVerdicts {
    private TodaysVerdicts() {}

    static Div of(Map<Action, Long> counts) {
        Div panel = Panels.panel("verdicts-today", text("overview.verdicts"));
        if (counts.isEmpty()) {
            panel.add(Panels.muted(text("overview.no_verdicts")));
            return panel;
        }
        Map<Action, Long> strongestFirst = new EnumMap<>(counts);
        strongestFirst.forEach((action, count) -> panel.add(Panels.line(
                Panels.badge(text("overview.action." + action.name().toLowerCase(Locale.ROOT)), kind(action)),
                new Span(Texts.number(count)))));
        return panel;
    }

    private static String kind(Action action) {
        return switch (action) {
            case ESCALATE, BLOCK -> "bad";
            case HOLD -> "wait";
            case REDACT, REWRITE -> "busy";
            case FLAG, SAMPLE, LOG -> "noted";
        };
    }
}
