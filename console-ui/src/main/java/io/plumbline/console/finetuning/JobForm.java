package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.HasValidation;
import com.vaadin.flow.component.combobox.ComboBox;
import com.vaadin.flow.component.combobox.MultiSelectComboBox;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.textfield.IntegerField;
import com.vaadin.flow.component.textfield.NumberField;
import com.vaadin.flow.component.textfield.TextField;
import io.plumbline.console.component.ChatTemplateField;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobPriority;
import io.plumbline.finetune.job.JobSettings;
import io.plumbline.finetune.training.TrainingSpec.LoraSettings;
import io.plumbline.finetune.training.TrainingSpec.OptimizerSettings;
import io.plumbline.platform.catalogue.BaseModels;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.finetuning.JobOrderCheck;
import io.plumbline.platform.finetuning.JobWish;
import io.plumbline.platform.finetuning.JobWish.HyperparameterWish;
import io.plumbline.platform.finetuning.JobWish.SettingWish;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The fields of a new job; empty ones mean the default. What the service refuses is told at the field. */
final class JobForm extends Div {
    private static final long serialVersionUID = 1L;
    private static final String PATH = "hyperparameters.";

    private final ComboBox<BaseModels.Card> model = new ComboBox<>(text("finetuning.base"));
    private final ComboBox<TrainingFile> training = new ComboBox<>(text("finetuning.training_file"));
    private final ComboBox<TrainingFile> validation = new ComboBox<>(text("finetuning.validation_file"));
    private final TextField suffix = new TextField(text("finetuning.suffix"));
    private final IntegerField epochs = new IntegerField(text("finetuning.epochs"));
    private final IntegerField batchSize = new IntegerField(text("finetuning.batch_size"));
    private final NumberField multiplier = new NumberField(text("finetuning.multiplier"));
    private final IntegerField rank = new IntegerField(text("finetuning.rank"));
    private final NumberField alpha = new NumberField(text("finetuning.alpha"));
    private final IntegerField maxTokens = new IntegerField(text("finetuning.max_tokens"));
    private final NumberField learningRate = new NumberField(text("finetuning.learning_rate"));
    private final IntegerField seed = new IntegerField(text("finetuning.seed"));
    private final Select<JobPriority> priority = new Select<>();
    private final MultiSelectComboBox<String> modules = new MultiSelectComboBox<>(text("finetuning.modules"));
    private final ChatTemplateField template = new ChatTemplateField(JobOrderCheck.MAX_TEMPLATE);
    private final Div templatePart = new Div();
    private final Details advanced = new Details(text("finetuning.advanced"));
    private final Span plan = new Span();
    private final Map<String, HasValidation> byParameter = new LinkedHashMap<>();

    JobForm(FineTuningDesk.Choices choices) {
        addClassName("stack");
        hyperparameters();
        advanced();
        offerModules(List.of());
        choose(choices); // may choose the only model, which fills other fields
        index();
        Span templateNote = new Span(text("finetuning.template_needed"));
        templateNote.addClassName("notice");
        templatePart.addClassName("stack");
        templatePart.add(templateNote, template);
        templatePart.setVisible(false);
        plan.setId("job-plan");
        plan.addClassName("muted");
        add(
                fields(model, suffix, training, validation),
                templatePart,
                fields(epochs, batchSize, multiplier),
                plan,
                advanced);
        plan();
    }

    private void choose(FineTuningDesk.Choices choices) {
        model.setId("job-model");
        model.setItems(choices.models());
        model.setItemLabelGenerator(card -> card.model().id());
        model.setRequiredIndicatorVisible(true);
        model.setHelperText(text("finetuning.base_help"));
        model.addValueChangeListener(chosen -> {
            boolean needed =
                    chosen.getValue() != null && !chosen.getValue().model().chatTemplate();
            templatePart.setVisible(needed);
            template.setRequired(needed);
            offerModules(Optional.ofNullable(chosen.getValue())
                    .map(card -> card.model().targetModules())
                    .orElse(List.of()));
        });
        if (choices.models().size() == 1) {
            model.setValue(choices.models().getFirst());
        }
        files(training, choices.files());
        training.setId("job-training-file");
        training.setRequiredIndicatorVisible(true);
        training.setHelperText(text("finetuning.training_help"));
        files(validation, choices.files());
        validation.setId("job-validation-file");
        validation.setClearButtonVisible(true);
        validation.setHelperText(text("finetuning.validation_help"));
        suffix.setId("job-suffix");
        suffix.setMaxLength(64);
        suffix.setHelperText(text("finetuning.suffix_help"));
    }

    private void files(ComboBox<TrainingFile> field, List<TrainingFile> files) {
        field.setItems(files);
        field.setItemLabelGenerator(file -> text("finetuning.file_label", file.filename(), number((long) file.rows())));
        field.addValueChangeListener(chosen -> plan());
    }

    private void hyperparameters() {
        whole(epochs, "job-epochs", 1, Hyperparameters.MAX_EPOCHS, text("finetuning.epochs_help"));
        whole(batchSize, "job-batch-size", 1, Hyperparameters.MAX_BATCH_SIZE, text("finetuning.batch_size_help"));
        multiplier.setId("job-multiplier");
        multiplier.setPlaceholder(text("finetuning.auto"));
        multiplier.setMax(Hyperparameters.MAX_MULTIPLIER);
        multiplier.setHelperText(text("finetuning.multiplier_help"));
        epochs.setPlaceholder(text("finetuning.auto"));
        batchSize.setPlaceholder(text("finetuning.auto"));
        epochs.addValueChangeListener(changed -> plan());
        batchSize.addValueChangeListener(changed -> plan());
    }

    private void advanced() {
        LoraSettings lora = LoraSettings.defaults();
        OptimizerSettings optimizer = OptimizerSettings.defaults();
        whole(rank, "job-rank", 1, JobOrderCheck.MAX_RANK, text("finetuning.rank_help"));
        rank.setValue(lora.rank());
        alpha.setId("job-alpha");
        alpha.setValue(lora.alpha());
        alpha.setMax(JobOrderCheck.MAX_ALPHA);
        alpha.setHelperText(text("finetuning.alpha_help"));
        whole(
                maxTokens,
                "job-max-tokens",
                JobOrderCheck.MIN_TOKENS,
                JobSettings.MAX_TOKENS,
                text("finetuning.max_tokens_help"));
        maxTokens.setValue(optimizer.maxTokens());
        learningRate.setId("job-learning-rate");
        learningRate.setValue(optimizer.learningRate());
        learningRate.setMax(1);
        learningRate.setHelperText(text("finetuning.learning_rate_help"));
        seed.setId("job-seed");
        seed.setPlaceholder(text("finetuning.random"));
        seed.setHelperText(text("finetuning.seed_help"));
        priority.setId("job-priority");
        priority.setLabel(text("finetuning.priority"));
        priority.setItems(JobPriority.values());
        priority.setItemLabelGenerator(p -> text("finetuning.priority." + p.name()));
        priority.setValue(JobPriority.NORMAL);
        priority.setHelperText(text("finetuning.priority_help"));
        modules.setId("job-modules");
        modules.addClassName("wide");
        advanced.setId("job-advanced");
        advanced.add(fields(rank, alpha, maxTokens, learningRate, seed, priority, modules));
    }

    /** The linear modules of the chosen base model, all of them chosen; none before a model is. */
    private void offerModules(List<String> offered) {
        modules.setItems(offered);
        modules.setValue(new LinkedHashSet<>(offered)); // shown in the order in which the model has them
        modules.setEnabled(!offered.isEmpty());
        modules.setHelperText(text(offered.isEmpty() ? "finetuning.modules_none" : "finetuning.modules_help"));
    }

    private static void whole(IntegerField field, String id, int min, int max, String help) {
        field.setId(id);
        field.setMin(min);
        field.setMax(max);
        field.setStepButtonsVisible(true);
        field.setHelperText(help);
        field.setI18n(new IntegerField.IntegerFieldI18n()
                .setBadInputErrorMessage(text("finetuning.bounds.bad"))
                .setMinErrorMessage(text("finetuning.bounds", number((long) min), number((long) max)))
                .setMaxErrorMessage(text("finetuning.bounds", number((long) min), number((long) max))));
    }

    /** Which field a refusal is about; names are those of the REST route. */
    private void index() {
        byParameter.put("model", model);
        byParameter.put("training_file", training);
        byParameter.put("validation_file", validation);
        byParameter.put("suffix", suffix);
        byParameter.put(PATH + "n_epochs", epochs);
        byParameter.put(PATH + "batch_size", batchSize);
        byParameter.put(PATH + "learning_rate_multiplier", multiplier);
        byParameter.put("plumbline.rank", rank);
        byParameter.put("plumbline.alpha", alpha);
        byParameter.put("plumbline.max_tokens", maxTokens);
        byParameter.put("plumbline.learning_rate", learningRate);
        byParameter.put("plumbline.target_modules", modules);
    }

    private static Div fields(Component... parts) {
        Div fields = new Div(parts);
        fields.addClassName("fields");
        return fields;
    }

    /** How many steps the choices come to. */
    private void plan() {
        TrainingFile file = training.getValue();
        if (file == null || epochs.isInvalid() || batchSize.isInvalid()) {
            plan.setText("");
            return;
        }
        Hyperparameters chosen = new Hyperparameters(
                        Optional.ofNullable(epochs.getValue()),
                        Optional.ofNullable(batchSize.getValue()),
                        Optional.empty())
                .chosenFor(file.rows());
        int batch = chosen.batchSize().orElseThrow();
        int times = chosen.epochs().orElseThrow();
        long steps = (long) Math.ceilDiv(file.rows(), batch) * times;
        plan.setText(text(
                "finetuning.plan",
                number((long) file.rows()),
                number((long) times),
                number((long) batch),
                number(steps)));
    }

    /** Empties the choice of files and takes this one, if it is there. */
    void select(String fileId) {
        training.getListDataView()
                .getItems()
                .filter(file -> file.id().equals(fileId))
                .findFirst()
                .ifPresent(training::setValue);
    }

    JobWish wish() {
        return new JobWish(
                Optional.ofNullable(model.getValue()).map(card -> card.model().id()),
                Optional.ofNullable(training.getValue()).map(TrainingFile::id),
                Optional.ofNullable(validation.getValue()).map(TrainingFile::id),
                new HyperparameterWish(
                        PATH,
                        Optional.ofNullable(epochs.getValue()),
                        Optional.ofNullable(batchSize.getValue()),
                        Optional.ofNullable(multiplier.getValue())),
                new SettingWish(
                        Optional.ofNullable(rank.getValue()),
                        Optional.ofNullable(alpha.getValue()),
                        targetModules(),
                        Optional.ofNullable(maxTokens.getValue()),
                        Optional.ofNullable(learningRate.getValue()),
                        templatePart.isVisible() ? template.value() : Optional.empty(),
                        Optional.ofNullable(priority.getValue()).map(JobPriority::wireName),
                        Optional.ofNullable(seed.getValue()).map(Integer::longValue)),
                Optional.of(suffix.getValue()),
                Map.of());
    }

    /** The chosen modules in the model's order; empty = the default, where the form offers none. */
    private Optional<List<String>> targetModules() {
        List<String> offered = modules.getListDataView().getItems().toList();
        return offered.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        offered.stream().filter(modules.getValue()::contains).toList());
    }

    /** Whether everything that must be given is, and no field holds what it cannot; tells at the fields. */
    boolean complete() {
        byParameter.values().stream()
                .filter(field -> field == model || field == training || field == suffix)
                .forEach(field -> field.setInvalid(false));
        if (model.isEmpty()) {
            refuse("model", text("finetuning.required"));
        }
        if (training.isEmpty()) {
            refuse("training_file", text("finetuning.required"));
        }
        if (templatePart.isVisible() && template.value().isEmpty()) {
            template.refuse(text("finetuning.template_needed"));
            return false;
        }
        return byParameter.values().stream().noneMatch(HasValidation::isInvalid);
    }

    /** Shows a refusal at its field; false if the form has none of that name. */
    boolean refuse(String parameter, String message) {
        if (parameter.equals("plumbline.chat_template")) {
            templatePart.setVisible(true);
            template.refuse(message);
            return true;
        }
        HasValidation field = byParameter.get(parameter);
        if (field == null) {
            return false;
        }
        if (parameter.startsWith("plumbline.")) {
            advanced.setOpened(true);
        }
        field.setErrorMessage(message);
        field.setInvalid(true);
        return true;
    }
}
