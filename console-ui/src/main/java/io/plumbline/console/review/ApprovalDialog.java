package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;

/** Stands between a single key and the release of an answer. */
final class ApprovalDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    ApprovalDialog(Runnable approve) {
        setId("case-approve-dialog");
        setHeaderTitle(text("review.approve_title"));
        add(new Paragraph(text("review.approve_about")));
        Button confirm = new Button(text("review.approve_confirm"), click -> {
            close();
            approve.run();
        });
        confirm.setId("case-approve-confirm");
        confirm.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_SUCCESS);
        confirm.setSuffixComponent(new Kbd("Enter"));
        confirm.addClickShortcut(Key.ENTER);
        confirm.setDisableOnClick(true);
        getFooter().add(new Button(text("review.cancel"), click -> close()), confirm);
    }
}
