package io.plumbline.console.deployment;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.checkbox.CheckboxGroup;
import com.vaadin.flow.component.checkbox.CheckboxGroupVariant;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.combobox.MultiSelectComboBox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.dialog.Dialog;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.radiobutton.RadioButtonGroup;
import com.vaadin.flow.data.renderer.TextRenderer;
import io.plumbline.compliance.rule.Rule;
import io.plumbline.compliance.screen.Audience;
import io.plumbline.console.component.ChatTemplateField;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.adapter.Adapter;
import io.plumbline.platform.catalogue.BaseModels;
import io.plumbline.platform.deployment.Deployment;
import io.plumbline.platform.deployment.DeploymentOrder;
import io.plumbline.platform.error.PlatformException;
import io.plumbline.platform.screening.ScreeningPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Puts a model into service: which one, for whom, under which rules. */
final class DeployDialog extends Dialog {
    private static final long serialVersionUID = 1L;
    /** Packs that turn on many rules at once; each has a sentence in the bundle. */
    private static final List<String> PACKS =
            List.of("CN", "US", "EU", "INTL", "MED", "FIN", "IND", "GEN", "PRI", "SEC", "LBL");

    private static final int MAX_TEMPLATE = 64 * 1024;

    private final transient ModelDesk desk;
    private final transient Consumer<Deployment> onDone;
    private final transient Map<String, Rule> optional;
    private final transient Map<String, String> baseOf = new TreeMap<>();
    private final transient Map<String, BaseModels.Card> bases;
    private final transient Set<String> withTemplate;
    private final ComboBox<String> model = new ComboBox<>(text("models.model"));
    private final RadioButtonGroup<Audience> audience = new RadioButtonGroup<>(text("models.audience"));
    private final CheckboxGroup<String> packs = new CheckboxGroup<>(text("models.packs"));
    private final MultiSelectComboBox<String> rules = new MultiSelectComboBox<>(text("models.rules"));
    private final ChatTemplateField template = new ChatTemplateField(MAX_TEMPLATE);
    private final Details templatePart = new Details(text("models.template"), template);
    private final Div effect = new Div();
    private final Button deploy = new Button(text("models.deploy"), click -> deploy());

    /** @param wanted the model to begin with; empty = none */
    DeployDialog(ModelDesk desk, String wanted, Consumer<Deployment> onDone) {
        this.desk = desk;
        this.onDone = onDone;
        bases = desk.bases().stream()
                .collect(Collectors.toMap(card -> card.model().id(), Function.identity()));
        optional = desk.optionalRules().stream()
                .collect(Collectors.toMap(rule -> rule.id().value(), Function.identity(), (a, b) -> a, TreeMap::new));
        List<Adapter> tuned = desk.tuned();
        withTemplate = tuned.stream()
                .filter(adapter -> adapter.chatTemplate().isPresent())
                .map(Adapter::model)
                .collect(Collectors.toSet());
        setHeaderTitle(text("models.deploy.title"));
        setWidth("46rem");
        setId("deploy-dialog");
        choose(tuned, wanted);
        policy();
        template.clear();
        templatePart.setId("deploy-template");
        effect.setId("deploy-effect");
        Div form = new Div(model, audience, packs, rules, templatePart);
        form.addClassName("stack");
        add(form);
        buttons();
        showEffect();
        templateFor(model.getValue());
    }

    private void choose(List<Adapter> tuned, String wanted) {
        tuned.forEach(adapter -> baseOf.put(adapter.model(), adapter.lineage().baseModel()));
        bases.keySet().forEach(base -> baseOf.put(base, base));
        model.setId("deploy-model-name");
        model.setItems(Stream.concat(
                        tuned.stream().map(Adapter::model),
                        bases.keySet().stream().sorted())
                .toList());
        model.setWidthFull();
        model.setRequiredIndicatorVisible(true);
        model.setHelperText(text("models.deploy.model_help"));
        model.addValueChangeListener(chosen -> templateFor(chosen.getValue()));
        if (baseOf.containsKey(wanted)) {
            model.setValue(wanted);
        }
    }

    private void policy() {
        ScreeningPolicy ofTenant = desk.policy();
        audience.setId("deploy-audience");
        audience.setItems(Audience.values());
        audience.setRenderer(new TextRenderer<>(one -> text("models.audience." + one.name() + "_help")));
        audience.setValue(ofTenant.audience());
        audience.addClassName("stacked-choices");
        audience.addValueChangeListener(changed -> showEffect());
        packs.setId("deploy-packs");
        packs.addThemeVariants(CheckboxGroupVariant.LUMO_VERTICAL);
        packs.setItems(PACKS);
        packs.setItemLabelGenerator(pack -> text("models.pack." + pack));
        packs.setHelperText(text("models.packs.help"));
        packs.setValue(ofTenant.packs().stream().filter(PACKS::contains).collect(Collectors.toSet()));
        packs.addValueChangeListener(changed -> showEffect());
        rules.setId("deploy-rules");
        rules.setWidthFull();
        rules.setItems(optional.keySet());
        rules.setItemLabelGenerator(id -> Optional.ofNullable(optional.get(id))
                .map(AnswerModeBadge::title)
                .orElse(id));
        rules.setHelperText(text("models.rules.help"));
        rules.setValue(ofTenant.packs().stream().filter(optional::containsKey).collect(Collectors.toSet()));
        rules.addValueChangeListener(changed -> showEffect());
    }

    private void buttons() {
        deploy.setId("deploy-confirm");
        deploy.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        deploy.setDisableOnClick(true);
        Button cancel = new Button(text("shell.cancel"), click -> close());
        // Always in view, however long the choices above are.
        getFooter().add(effect, cancel, deploy);
    }

    /** A base without a template, and an adapter that was trained without one of its own, need one. */
    private void templateFor(String chosen) {
        boolean needed = needsTemplate(chosen);
        template.setRequired(needed);
        templatePart.setOpened(needed);
        templatePart.setSummaryText(text(needed ? "models.template.needed" : "models.template.optional"));
    }

    private boolean needsTemplate(String chosen) {
        BaseModels.Card base = chosen == null ? null : bases.get(baseOf.get(chosen));
        return base != null && !base.model().chatTemplate() && !withTemplate.contains(chosen);
    }

    private ScreeningPolicy chosenPolicy() {
        Set<String> chosen = new HashSet<>(packs.getValue());
        chosen.addAll(rules.getValue());
        return new ScreeningPolicy(chosen, audience.getValue());
    }

    private void showEffect() {
        ModelDesk.Effect now = desk.effect(chosenPolicy());
        effect.removeAll();
        effect.addClassName("deploy-effect");
        effect.add(new Span(text("models.effect", number((long) now.rules()))), new AnswerModeBadge(now));
    }

    private void deploy() {
        try {
            if (model.isEmpty()) {
                model.setErrorMessage(text("models.deploy.model_required"));
                model.setInvalid(true);
            } else if (needsTemplate(model.getValue()) && template.value().isEmpty()) {
                templatePart.setOpened(true);
                template.refuse(text("models.template.needed"));
            } else {
                Deployment done = desk.deploy(new DeploymentOrder(model.getValue(), chosenPolicy(), template.value()))
                        .deployment();
                close();
                onDone.accept(done);
            }
        } catch (PlatformException refused) {
            refuse(refused);
        } catch (RuntimeException failure) {
            Failures.show(failure);
        } finally {
            deploy.setEnabled(true);
        }
    }

    private void refuse(PlatformException refused) {
        String message = Failures.message(refused);
        if (refused.param().filter("chat_template"::equals).isPresent()) {
            templatePart.setOpened(true);
            template.refuse(message);
        } else {
            Failures.show(message);
        }
    }
}
