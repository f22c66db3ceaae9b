package io.plumbline.console.review;

import com.vaadin.flow.component.HtmlContainer;
import com.vaadin.flow.component.Tag;

/** A key of the keyboard. */
@Tag("kbd")
final class Kbd extends HtmlContainer {
    private static final long serialVersionUID = 1L;

    Kbd(String key) {
        setText(key);
    }
}
