package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.members.Member;

/** Asks which roles a member shall have. */
final class ChangeRolesDialog extends Dialog {
    private static final long serialVersionUID = 1L;

    ChangeRolesDialog(AccessDesk desk, Member member, Runnable done) {
        setId("change-roles-dialog");
        setHeaderTitle(text("access.roles_of", member.name()));
        setWidth("42rem");
        setMaxWidth("95vw");
        RolesField roles = new RolesField(member.roles());
        Paragraph effect = new Paragraph(text("access.roles_effect"));
        effect.addClassName("muted");
        add(roles.component(), effect);
        Button save = new Button(text("access.save"), click -> {
            if (!roles.filled()) {
                return;
            }
            try {
                desk.changeRoles(member.id(), roles.roles());
                close();
                Failures.done(text("access.roles_changed", member.name()));
                done.run();
            } catch (RuntimeException refused) {
                Failures.show(refused);
            }
        });
        save.setId("change-roles-confirm");
        save.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(new Button(text("access.cancel"), click -> close()), save);
    }
}
