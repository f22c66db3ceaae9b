package io.plumbline.console.overview;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;

/** The look that the panels of the overview share. */
final class Panels {
    private Panels() {}

    static Div panel(String id, String title, Component... content) {
        Div panel = new Div(new H3(title));
        panel.addClassName("panel");
        panel.setId(id);
        panel.add(content);
        return panel;
    }

    /** A line with something at its left and something at its right. */
    static Div line(Component left, Component right) {
        Div line = new Div(left, right);
        line.addClassName("panel-line");
        return line;
    }

    static Span badge(String content, String kind) {
        Span badge = new Span(content);
        badge.addClassNames("badge", kind);
        return badge;
    }

    static Span muted(String content) {
        Span span = new Span(content);
        span.addClassName("muted");
        return span;
    }
}
