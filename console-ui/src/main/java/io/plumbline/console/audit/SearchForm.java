package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Key;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.datetimepicker.DateTimePicker;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.textfield.TextField;
import io.plumbline.console.i18n.Languages;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** By what the log is searched. */
final class SearchForm extends Div {
    private static final long serialVersionUID = 1L;

    private final ComboBox<String> type = new ComboBox<>(text("auditlog.type"));
    private final TextField actor = new TextField(text("auditlog.actor"));
    private final TextField target = new TextField(text("auditlog.target"));
    private final DateTimePicker from = new DateTimePicker(text("auditlog.from"));
    private final DateTimePicker to = new DateTimePicker(text("auditlog.to"));
    private final List<String> types = new ArrayList<>(ActNames.KNOWN);

    SearchForm(Consumer<Search> search) {
        addClassName("audit-search");
        type.setId("audit-type");
        type.setItems(types);
        type.setItemLabelGenerator(ActNames::of);
        type.setAllowCustomValue(true);
        type.setClearButtonVisible(true);
        type.addCustomValueSetListener(typed -> offer(typed.getDetail()));
        actor.setId("audit-actor");
        actor.setClearButtonVisible(true);
        target.setId("audit-target");
        target.setClearButtonVisible(true);
        target.setPlaceholder("case-… / chatcmpl-…");
        from.setId("audit-from");
        from.setLocale(Languages.current());
        to.setId("audit-to");
        to.setLocale(Languages.current());
        Button button = new Button(text("auditlog.search"), click -> search.accept(value()));
        button.setId("audit-search");
        button.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        button.addClickShortcut(Key.ENTER).listenOn(this);
        Button all = new Button(
                text("auditlog.all"),
                click -> search.accept(new Search(
                        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())));
        all.setId("audit-all");
        all.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        add(type, actor, target, from, to, new Div(button, all));
    }

    private void offer(String typed) {
        if (!types.contains(typed)) {
            types.add(typed);
            type.setItems(types);
        }
        type.setValue(typed);
    }

    void show(Search search) {
        search.type().ifPresentOrElse(this::offer, type::clear);
        actor.setValue(search.actor().orElse(""));
        target.setValue(search.target().orElse(""));
        from.setValue(search.from().orElse(null));
        to.setValue(search.to().orElse(null));
    }

    private Search value() {
        return new Search(said(type.getValue()), said(actor.getValue()), said(target.getValue()), time(from), time(to));
    }

    private static Optional<String> said(@Nullable String value) {
        return Optional.ofNullable(value).map(String::strip).filter(words -> !words.isEmpty());
    }

    private static Optional<LocalDateTime> time(DateTimePicker picker) {
        return Optional.ofNullable(picker.getValue());
    }
}
