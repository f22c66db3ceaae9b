package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.console.component.Links;
import io.plumbline.console.i18n.Texts;
import io.plumbline.console.overview.Overview.Waiting;

/** Held answers by deadline, of every organisation that the person reviews for. */
final class WaitingCases {
    private WaitingCases() {}

    static Div of(Waiting waiting) {
        Div panel = Panels.panel("waiting-cases", text("overview.waiting"));
        if (waiting.first().isEmpty()) {
            panel.add(Panels.muted(text("overview.nothing_waits")));
            return panel;
        }
        CaseSummary oldest = waiting.first().getFirst();
        panel.add(new Span(text("overview.next_deadline", Texts.time(oldest.deadline()))));
        waiting.first().forEach(held -> panel.add(line(held)));
        Links.more("reviews", text("overview.to_reviews")).ifPresent(panel::add);
        return panel;
    }

    private static Div line(CaseSummary held) {
        Span tenant = Panels.badge(held.tenant().value(), "busy");
        Span excerpt = new Span(held.excerpt());
        Div left = new Div(tenant, new Span(" "), excerpt);
        left.addClassName("clipped");
        return Panels.line(left, Panels.muted(Texts.time(held.deadline())));
    }
}
