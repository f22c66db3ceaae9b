package io.plumbline.console.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.DescriptionList;
import com.vaadin.flow.component.html.Span;

/** Names and values, side by side. */
public final class Facts extends DescriptionList {
    private static final long serialVersionUID = 1L;

    public Facts() {
        addClassName("facts");
    }

    public Facts add(String name, Component value) {
        add(new Term(name), new Description(value));
        return this;
    }

    public Facts add(String name, String value) {
        return add(name, new Span(value));
    }

    /** A value that is for copying, such as an id or a digest. */
    public Facts addCode(String name, String value) {
        Span code = new Span(value);
        code.addClassName("mono");
        return add(name, code);
    }
}
