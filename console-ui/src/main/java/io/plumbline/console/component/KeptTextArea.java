package io.plumbline.console.component;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;

/**
 * A text area that loses nothing: what is typed goes to the server while typing, and until it has arrived the browser keeps
 * it too; so a sign-in that expires, a lost connection or a closed tab costs no word.
 */
public final class KeptTextArea extends TextArea {
    private static final long serialVersionUID = 1L;
    private static final int DELAY_MILLIS = 400;

    private final String key;

    /** @param key names the text within the browser, such as the id of the case and the field */
    public KeptTextArea(String label, String key) {
        super(label);
        this.key = key;
        setValueChangeMode(ValueChangeMode.LAZY);
        setValueChangeTimeout(DELAY_MILLIS);
    }

    /** Forgets what the browser keeps: the text has arrived where it belongs. What was typed since stays. */
    public void settled() {
        getElement().executeJs("window.plumblineDrafts.forget($0, $1)", key, getValue());
    }

    /** Forgets what the browser keeps, whatever it is: the text is not wanted any more. */
    public void discard() {
        getElement().executeJs("window.plumblineDrafts.forget($0, null)", key);
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        super.onAttach(attached);
        getElement().executeJs("window.plumblineDrafts.keep(this, $0)", key);
    }
}
