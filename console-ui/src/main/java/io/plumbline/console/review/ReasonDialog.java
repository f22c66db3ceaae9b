package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.KeyModifier;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;
import java.util.function.Consumer;

/** Asks why, before something is rejected or escalated. What is typed goes to the case's note at once, so closing loses nothing. */
final class ReasonDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    private final TextArea reason = new TextArea();
    private final transient Consumer<String> decided;

    /**
     * @param kind {@code reject} or {@code escalate}
     * @param begun the reason so far
     * @param typed is told each change
     * @param decided is told the reason
     */
    ReasonDialog(String kind, String begun, Consumer<String> typed, Consumer<String> decided) {
        this.decided = decided;
        setId("case-%s-dialog".formatted(kind));
        setHeaderTitle(text("review.%s_title".formatted(kind)));
        setWidth("34rem");
        reason.setId("case-reason");
        reason.setLabel(text("review.reason"));
        reason.setWidthFull();
        reason.setMinRows(3);
        reason.setRequiredIndicatorVisible(true);
        reason.setErrorMessage(text("review.reason_missing"));
        reason.setHelperText(text("review.reason_about"));
        reason.setValueChangeMode(ValueChangeMode.LAZY);
        reason.setValue(begun);
        reason.addValueChangeListener(changed -> {
            reason.setInvalid(false);
            typed.accept(changed.getValue());
        });
        Button confirm = new Button(text("review." + kind), click -> confirm());
        confirm.setId("case-%s-confirm".formatted(kind));
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_ERROR);
        confirm.addClickShortcut(Key.ENTER, KeyModifier.CONTROL);
        Button cancel = new Button(text("review.cancel"), click -> close());
        add(new Paragraph(text("review.%s_about".formatted(kind))), reason);
        getFooter().add(cancel, confirm);
        addOpenedChangeListener(changed -> {
            if (changed.isOpened()) {
                reason.focus();
            }
        });
    }

    private void confirm() {
        String why = reason.getValue().strip();
        if (why.isEmpty()) {
            reason.setInvalid(true);
            reason.focus();
            return;
        }
        close();
        decided.accept(why);
    }
}
