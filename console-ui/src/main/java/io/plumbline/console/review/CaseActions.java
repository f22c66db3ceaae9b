package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import java.util.List;

/** What can be done with the case; always in view. */
final class CaseActions extends Div {
    private static final long serialVersionUID = 1L;

    private final Button approve = button("approve", "a");
    private final Button approveEdit = button("approve_edit", "a");
    private final Button edit = button("edit", "e");
    private final Button reject = button("reject", "r");
    private final Button escalate = button("escalate", "x");
    private final Button release = button("release", "");
    private final Span unfit = new Span(text("review.not_in_form"));

    /** What the buttons do. */
    interface Commands {
        void approve();

        void edit();

        void reject();

        void escalate();

        void release();
    }

    CaseActions(Commands commands) {
        addClassName("case-actions");
        approve.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_SUCCESS);
        approveEdit.addThemeVariants(ButtonVariant.LUMO_PRIMARY, ButtonVariant.LUMO_SUCCESS);
        reject.addThemeVariants(ButtonVariant.LUMO_ERROR);
        release.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        approve.addClickListener(click -> commands.approve());
        approveEdit.addClickListener(click -> commands.approve());
        edit.addClickListener(click -> commands.edit());
        reject.addClickListener(click -> commands.reject());
        escalate.addClickListener(click -> commands.escalate());
        release.addClickListener(click -> commands.release());
        unfit.setId("case-unfit");
        unfit.addClassNames("badge", "bad");
        add(approve, approveEdit, unfit, edit, reject, escalate, release);
    }

    private static Button button(String name, String key) {
        Button button = new Button(text("review." + name));
        button.setId("case-" + name.replace('_', '-'));
        if (!key.isEmpty()) {
            button.setSuffixComponent(new Kbd(key));
        }
        return button;
    }

    /**
     * Offers what is possible now.
     *
     * @param deciding whether the person holds the case
     * @param asReleasable whether the text is as the rules left it
     * @param inForm whether the text is of the form that the caller asked for
     * @param second whether the case stands at the second level already
     */
    void offer(boolean deciding, boolean asReleasable, boolean inForm, boolean second) {
        approve.setVisible(asReleasable);
        approveEdit.setVisible(!asReleasable);
        List.of(edit, reject, release).forEach(button -> button.setEnabled(deciding));
        List.of(approve, approveEdit).forEach(button -> button.setEnabled(deciding && inForm));
        unfit.setVisible(deciding && !inForm);
        escalate.setEnabled(deciding && !second);
    }

    boolean mayEscalate() {
        return escalate.isEnabled();
    }
}
