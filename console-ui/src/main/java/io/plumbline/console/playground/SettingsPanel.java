package io.plumbline.console.playground;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextArea;
import com.vaadin.flow.data.value.ValueChangeMode;
import io.plumbline.inference.pool.SamplingSettings;
import io.plumbline.platform.gateway.ChatQuestion;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What questions are asked with. */
final class SettingsPanel extends Div {
    private static final long serialVersionUID = 1L;
    private static final double HOTTEST = 2;
    private static final int MOST_TOKENS = 1_000_000;

    private final transient Conversation conversation;
    private final Select<ModelChoice> model = new Select<>();
    private final TextArea systemPrompt = new TextArea(text("playground.system_prompt"));
    private final NumberField temperature = new NumberField(text("playground.temperature"));
    private final IntegerField maxTokens = new IntegerField(text("playground.max_tokens"));
    private final Div rules = new Div();

    SettingsPanel(Conversation conversation, List<ModelChoice> models) {
        this.conversation = conversation;
        addClassNames("panel", "chat-settings");
        add(new H3(text("playground.settings")), model, rules, systemPrompt, temperature, maxTokens);
        Conversation.Settings settings = conversation.settings();
        models(models, settings.model());
        systemPrompt.setId("system-prompt");
        systemPrompt.setPlaceholder(text("playground.system_prompt_hint"));
        systemPrompt.setValueChangeMode(ValueChangeMode.LAZY);
        systemPrompt.setMinRows(3);
        systemPrompt.setMaxRows(10);
        systemPrompt.setValue(settings.systemPrompt());
        temperature.setId("temperature");
        temperature.setMin(0);
        temperature.setMax(HOTTEST);
        temperature.setStep(0.1);
        temperature.setStepButtonsVisible(true);
        temperature.setValue(settings.temperature());
        temperature.setHelperText(text("playground.temperature_hint"));
        temperature.setI18n(new NumberField.NumberFieldI18n()
                .setBadInputErrorMessage(text("playground.temperature_range"))
                .setMinErrorMessage(text("playground.temperature_range"))
                .setMaxErrorMessage(text("playground.temperature_range"))
                .setStepErrorMessage(text("playground.temperature_range")));
        maxTokens.setId("max-tokens");
        maxTokens.setMin(1);
        maxTokens.setMax(MOST_TOKENS);
        maxTokens.setStepButtonsVisible(true);
        maxTokens.setStep(1);
        maxTokens.setValue(settings.maxTokens());
        maxTokens.setI18n(new IntegerField.IntegerFieldI18n()
                .setBadInputErrorMessage(text("playground.max_tokens_range"))
                .setMinErrorMessage(text("playground.max_tokens_range"))
                .setMaxErrorMessage(text("playground.max_tokens_range")));
        model.addValueChangeListener(changed -> keep());
        systemPrompt.addValueChangeListener(changed -> keep());
        temperature.addValueChangeListener(changed -> keep());
        maxTokens.addValueChangeListener(changed -> keep());
        describe();
    }

    private void models(List<ModelChoice> models, Optional<String> chosen) {
        model.setId("chat-model");
        model.setLabel(text("playground.model"));
        model.setItems(models);
        model.setItemLabelGenerator(ModelChoice::id);
        models.stream()
                .filter(known -> chosen.filter(known.id()::equals).isPresent())
                .findFirst()
                .or(() -> models.stream().findFirst())
                .ifPresent(model::setValue);
    }

    private void keep() {
        describe();
        conversation.choose(new Conversation.Settings(
                Optional.ofNullable(model.getValue()).map(ModelChoice::id),
                systemPrompt.getValue(),
                Objects.requireNonNullElse(
                        temperature.getValue(), conversation.settings().temperature()),
                Objects.requireNonNullElse(
                        maxTokens.getValue(), conversation.settings().maxTokens())));
    }

    private void describe() {
        rules.removeAll();
        rules.addClassName("model-rules");
        ModelChoice chosen = model.getValue();
        if (chosen == null) {
            return;
        }
        rules.add(badge(text(chosen.tuned() ? "playground.tuned" : "playground.base", chosen.baseModel())));
        rules.add(badge(text("playground.audience", text("playground.audience." + chosen.audience()))));
        rules.add(badge(text(chosen.buffered() ? "playground.buffered" : "playground.streamed")));
        if (chosen.packs().isEmpty()) {
            rules.add(badge(text("playground.floor")));
        }
        chosen.packs().forEach(pack -> rules.add(badge(pack)));
    }

    private static Span badge(String text) {
        Span badge = new Span(text);
        badge.addClassName("badge");
        return badge;
    }

    /** The request that a question makes now; empty, with the field marked, if something does not fit. */
    Optional<ChatQuestion> request(String question) {
        keep();
        if (model.getValue() == null || temperature.isInvalid() || maxTokens.isInvalid()) {
            return Optional.empty();
        }
        Conversation.Settings chosen = conversation.settings();
        SamplingSettings sampling =
                new SamplingSettings(chosen.temperature(), 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.empty());
        return Optional.of(new ChatQuestion(
                model.getValue().id(),
                conversation.messages(question),
                sampling,
                1,
                OptionalInt.of(chosen.maxTokens()),
                List.of(),
                OptionalInt.empty(),
                false));
    }
}
