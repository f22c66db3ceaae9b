package io.plumbline.console.component;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.TextArea;
import java.util.Optional;

/** A chat template of one's own, with presets to begin with. */
public final class ChatTemplateField extends Div {
    private static final long serialVersionUID = 1L;

    private final Select<ChatTemplatePreset> preset = new Select<>();
    private final TextArea source = new TextArea(text("templates.source"));

    /** @param maxLength characters */
    public ChatTemplateField(int maxLength) {
        addClassName("stack");
        preset.setId("chat-template-preset");
        preset.setLabel(text("templates.preset"));
        preset.setPlaceholder(text("templates.preset_none"));
        preset.setItems(ChatTemplatePreset.values());
        preset.setItemLabelGenerator(known -> text("templates.preset." + known.name()));
        preset.addValueChangeListener(chosen -> {
            if (chosen.getValue() != null) {
                source.setValue(chosen.getValue().source());
                source.setInvalid(false);
            }
        });
        source.setId("chat-template");
        source.setMaxLength(maxLength);
        source.setWidthFull();
        source.setMaxHeight("14rem");
        source.addClassName("code-area");
        source.setHelperText(text("templates.source_help"));
        add(preset, source);
    }

    /** Empty = that of the model. */
    public Optional<String> value() {
        return Optional.of(source.getValue()).filter(text -> !text.isBlank());
    }

    public void setRequired(boolean required) {
        source.setRequiredIndicatorVisible(required);
    }

    public void refuse(String message) {
        source.setErrorMessage(message);
        source.setInvalid(true);
        source.focus();
    }

    public void clear() {
        preset.clear();
        source.clear();
        source.setInvalid(false);
    }
}
