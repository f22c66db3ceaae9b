package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.checkbox.CheckboxGroupVariant;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.orderedlayout.VerticalLayout;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextField;
import com.vaadin.flow.data.renderer.ComponentRenderer;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.identity.ApiKey;
import io.plumbline.platform.identity.Scope;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Asks for name, scopes and lifetime of a new key. */
final class NewKeyDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    private static final int MAX_NAME = 100;
    /** What a program that only asks the models needs. */
    private static final Set<Scope> USUAL = EnumSet.of(Scope.MODELS_READ, Scope.INFERENCE);

    private final transient AccessDesk desk;
    private final transient Consumer<ApiKey.Created> done;
    private final TextField name = new TextField(text("access.key_name"));
    private final CheckboxGroup<Scope> scopes = new CheckboxGroup<>(text("access.scopes"));
    private final Select<Lifetime> lifetime = new Select<>();

    /** @param days empty = until revoked */
    private record Lifetime(Optional<Integer> days) {
        String label() {
            return days.map(number -> text("access.days", number)).orElseGet(() -> text("access.never_expires"));
        }
    }

    NewKeyDialog(AccessDesk desk, Consumer<ApiKey.Created> done) {
        this.desk = desk;
        this.done = done;
        setId("new-key-dialog");
        setHeaderTitle(text("access.create_key"));
        setWidth("42rem");
        setMaxWidth("95vw");
        name.setId("key-name");
        name.setRequiredIndicatorVisible(true);
        name.setMaxLength(MAX_NAME);
        name.setPlaceholder(text("access.key_name_example"));
        name.setWidthFull();
        name.setAutofocus(true);
        scopes.setId("key-scopes");
        scopes.addThemeVariants(CheckboxGroupVariant.LUMO_VERTICAL);
        scopes.setItems(desk.grantable());
        // The renderer last: setting a label generator takes it away again.
        scopes.setItemLabelGenerator(Scope::wireName);
        scopes.setRenderer(new ComponentRenderer<>(NewKeyDialog::line));
        scopes.select(USUAL);
        lifetime.setId("key-lifetime");
        lifetime.setLabel(text("access.lifetime"));
        Lifetime quarter = new Lifetime(Optional.of(90));
        lifetime.setItems(
                new Lifetime(Optional.of(7)),
                new Lifetime(Optional.of(30)),
                quarter,
                new Lifetime(Optional.of(365)),
                new Lifetime(Optional.empty()));
        lifetime.setItemLabelGenerator(Lifetime::label);
        lifetime.setValue(quarter);
        VerticalLayout fields = new VerticalLayout(name, lifetime, scopes);
        fields.setPadding(false);
        add(fields);
        Button create = new Button(text("access.create"), click -> create());
        create.setId("create-key-confirm");
        create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        create.addClickShortcut(Key.ENTER);
        create.setDisableOnClick(true);
        getFooter().add(new Button(text("access.cancel"), click -> close()), create);
        create.addClickListener(click -> create.setEnabled(true));
    }

    private static Div line(Scope scope) {
        Span wire = new Span(scope.wireName());
        wire.addClassName("mono");
        Span about = new Span(ScopeTexts.about(scope));
        about.addClassName("muted");
        Div line = new Div(wire, new Span("  "), about);
        line.addClassName("scope-line");
        return line;
    }

    private void create() {
        name.setInvalid(name.getValue().isBlank());
        name.setErrorMessage(text("access.name_needed"));
        scopes.setInvalid(scopes.getValue().isEmpty());
        scopes.setErrorMessage(text("access.scope_needed"));
        if (name.isInvalid() || scopes.isInvalid()) {
            return;
        }
        try {
            ApiKey.Created created = desk.create(
                    name.getValue().strip(),
                    EnumSet.copyOf(scopes.getValue()),
                    lifetime.getValue().days().map(Duration::ofDays));
            close();
            done.accept(created);
        } catch (RuntimeException refused) {
            Failures.show(refused);
        }
    }
}
