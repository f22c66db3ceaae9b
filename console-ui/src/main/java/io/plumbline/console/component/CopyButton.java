package io.plumbline.console.component;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;

/** Copies the text of another component. */
public final class CopyButton extends Button {
    private static final long serialVersionUID = 1L;

    public CopyButton(String label, Component source) {
        super(label);
        addThemeVariants(ButtonVariant.LUMO_SMALL);
        addClickListener(click ->
                getElement().executeJs("window.plumblineKeys.copy($0, this, $1)", source, text("rule.copied")));
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        super.onAttach(attached);
        StaticScripts.loadKeys(attached.getUI());
    }
}
