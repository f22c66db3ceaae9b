package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.checkbox.CheckboxGroupVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import io.plumbline.platform.identity.Role;
import io.plumbline.platform.members.RoleRules;
import java.util.EnumSet;
import java.util.Set;

/** The roles that an organisation gives, each with what it allows. */
final class RolesField {
    private final CheckboxGroup<Role> group = new CheckboxGroup<>(text("access.roles"));

    RolesField(Set<Role> chosen) {
        group.setId("roles");
        group.addThemeVariants(CheckboxGroupVariant.LUMO_VERTICAL);
        group.setItems(RoleRules.ASSIGNABLE);
        group.setItemLabelGenerator(ScopeTexts::name);
        group.setRenderer(new ComponentRenderer<>(RolesField::line));
        group.setHelperText(text("access.roles_apart"));
        group.select(chosen);
    }

    CheckboxGroup<Role> component() {
        return group;
    }

    /** Says so where none is chosen. */
    boolean filled() {
        group.setInvalid(group.getValue().isEmpty());
        group.setErrorMessage(text("access.role_needed"));
        return !group.isInvalid();
    }

    Set<Role> roles() {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        roles.addAll(group.getValue());
        return roles;
    }

    private static Div line(Role role) {
        Span about = new Span(ScopeTexts.about(role));
        about.addClassName("muted");
        Div line = new Div(new Span(ScopeTexts.name(role)), new Span("  "), about);
        line.addClassName("scope-line");
        return line;
    }
}
