package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.orderedlayout.HorizontalLayout;
import com.vaadin.flow.component.orderedlayout.VerticalLayout;
import com.vaadin.flow.component.textfield.EmailField;
import com.vaadin.flow.component.textfield.TextField;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.members.Member;
import io.plumbline.platform.members.NewMember;
import java.util.EnumSet;
import java.util.function.Consumer;

/** Asks for a person to be added. What was typed stays where a refusal is told. */
final class NewMemberDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private static final int MAX_NAME = 100;

    private final transient AccessDesk desk;
    private final transient Consumer<Member.Added> done;
    private final EmailField email = new EmailField(text("access.email"));
    private final TextField firstName = new TextField(text("access.first_name"));
    private final TextField lastName = new TextField(text("access.last_name"));
    private final transient RolesField roles = new RolesField(EnumSet.of(Role.ML_ENGINEER));

    NewMemberDialog(AccessDesk desk, Consumer<Member.Added> done) {
        this.desk = desk;
        this.done = done;
        setId("new-member-dialog");
        setHeaderTitle(text("access.add_member"));
        setWidth("42rem");
        setMaxWidth("95vw");
        email.setId("member-email");
        email.setRequiredIndicatorVisible(true);
        email.setWidthFull();
        email.setAutofocus(true);
        email.setErrorMessage(text("access.email_needed"));
        firstName.setId("member-first-name");
        firstName.setMaxLength(MAX_NAME);
        lastName.setId("member-last-name");
        lastName.setMaxLength(MAX_NAME);
        HorizontalLayout names = new HorizontalLayout(lastName, firstName);
        names.setWidthFull();
        names.setFlexGrow(1, firstName, lastName);
        Paragraph about = new Paragraph(text("access.add_member_about"));
        about.addClassName("muted");
        VerticalLayout fields = new VerticalLayout(about, email, names, roles.component());
        fields.setPadding(false);
        add(fields);
        Button add = new Button(text("access.add"), click -> add());
        add.setId("add-member-confirm");
        add.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        getFooter().add(new Button(text("access.cancel"), click -> close()), add);
    }

    private void add() {
        email.setInvalid(email.getValue().isBlank());
        if (!roles.filled() || email.isInvalid()) {
            return;
        }
        try {
            Member.Added added =
                    desk.add(new NewMember(email.getValue(), firstName.getValue(), lastName.getValue(), roles.roles()));
            close();
            done.accept(added);
        } catch (RuntimeException refused) {
            Failures.show(refused);
        }
    }
}
