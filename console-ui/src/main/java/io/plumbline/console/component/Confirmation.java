package io.plumbline.console.component;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.confirmdialog.ConfirmDialog;

/** Asks before something that cannot be undone. */
public final class Confirmation {
    private Confirmation() {}

    /**
     * Asks, and acts if the person agrees; what goes wrong is told.
     *
     * @param act such as "Delete": the text of the button
     */
    public static void ask(String title, String consequence, String act, Runnable work) {
        ConfirmDialog dialog = new ConfirmDialog();
        dialog.setHeader(title);
        dialog.setText(consequence);
        dialog.setCancelable(true);
        dialog.setCancelText(text("shell.cancel"));
        dialog.setConfirmText(act);
        dialog.setConfirmButtonTheme("error primary");
        dialog.setId("confirmation");
        dialog.addConfirmListener(agreed -> attempt(work));
        dialog.open();
    }

    /** Does something that may be refused, and tells why if it is. */
    public static void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException refused) {
            Failures.show(refused);
        }
    }
}
