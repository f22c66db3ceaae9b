package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.icon.VaadinIcon;
import com.vaadin.flow.component.orderedlayout.HorizontalLayout;
import com.vaadin.flow.component.textfield.TextField;
import io.plumbline.console.component.Failures;

/** Shows a secret once. It closes by its button alone, so that no stray key or click loses what cannot be shown again. */
final class OneTimeSecret extends Dialog {
    private static final long serialVersionUID = 1L;

    /**
     * @param label what the secret is
     * @param warning what to do with it, and that it cannot be shown again
     */
    OneTimeSecret(String title, String label, String secret, String warning) {
        setId("secret-dialog");
        setHeaderTitle(title);
        setCloseOnEsc(false);
        setCloseOnOutsideClick(false);
        setWidth("38rem");
        setMaxWidth("95vw");
        TextField field = new TextField(label);
        field.setId("secret");
        field.setValue(secret);
        field.setReadOnly(true);
        field.setAutoselect(true);
        field.addClassName("secret");
        field.setWidthFull();
        Button copy = new Button(text("access.copy"), VaadinIcon.COPY_O.create());
        copy.setId("copy-secret");
        copy.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        // In the browser, within the click: a clipboard is only written to on a person's own act.
        copy.getElement()
                .executeJs(
                        "this.addEventListener('click', () => window.plumblineClipboard.copy($0, $1))",
                        secret,
                        field.getElement());
        copy.addClickListener(click -> Failures.done(text("access.copied")));
        HorizontalLayout line = new HorizontalLayout(field, copy);
        line.setAlignItems(HorizontalLayout.Alignment.END);
        line.setWidthFull();
        line.setFlexGrow(1, field);
        Div notice = new Div(new Paragraph(warning));
        notice.addClassName("notice");
        add(notice, line);
        Button close = new Button(text("access.secret_stored"), click -> close());
        close.setId("secret-stored");
        getFooter().add(close);
    }
}
