package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.details.Details;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Pre;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Facts;
import io.plumbline.console.dataset.DatasetView;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.Hyperparameters;
import io.plumbline.finetune.job.JobSettings;
import java.math.BigDecimal;
import java.util.Optional;

/** What a job was made of: settings, and where everything came from. */
final class JobFacts extends Div {
    private static final long serialVersionUID = 1L;

    JobFacts(FineTuningDesk desk, FineTuningJob job) {
        addClassName("two-columns");
        add(settings(job), origin(desk, job));
        job.settings().chatTemplate().ifPresent(template -> {
            Pre source = new Pre();
            source.setText(template);
            source.addClassName("mono");
            add(new Details(text("finetuning.template"), source));
        });
    }

    private static Facts settings(FineTuningJob job) {
        JobSettings settings = job.settings();
        Hyperparameters chosen = job.chosen().orElse(job.requested());
        return new Facts()
                .add(
                        text("finetuning.epochs"),
                        whole(chosen.epochs(), job.requested().epochs()))
                .add(
                        text("finetuning.batch_size"),
                        whole(chosen.batchSize(), job.requested().batchSize()))
                .add(text("finetuning.multiplier"), multiplier(chosen, job))
                .add(
                        text("finetuning.learning_rate"),
                        BigDecimal.valueOf(settings.baseLearningRate()).toPlainString())
                .add(text("finetuning.rank"), String.valueOf(settings.lora().rank()))
                .add(text("finetuning.alpha"), number(settings.lora().alpha(), 1))
                .add(
                        text("finetuning.modules"),
                        String.join(", ", settings.lora().targetModules()))
                .add(text("finetuning.max_tokens"), number((long) settings.maxTokens()))
                .add(text("finetuning.seed"), String.valueOf(settings.seed()))
                .add(
                        text("finetuning.priority"),
                        text("finetuning.priority." + settings.priority().name()));
    }

    private static Facts origin(FineTuningDesk desk, FineTuningJob job) {
        return new Facts()
                .addCode(text("finetuning.id"), job.id().value())
                .addCode(text("finetuning.model_name"), job.modelName())
                .add(text("finetuning.base"), job.files().baseModel())
                .addCode(text("finetuning.base_sha"), job.files().baseModelSha256())
                .add(text("finetuning.training_file"), file(desk, job.files().trainingFile()))
                .addCode(text("finetuning.training_sha"), job.files().trainingFileSha256())
                .add(text("finetuning.held_out_file"), validation(desk, job))
                .add(text("finetuning.by"), job.createdBy())
                .add(text("finetuning.created"), time(job.createdAt()))
                .add(
                        text("finetuning.tokens"),
                        job.result().map(r -> number(r.trainedTokens())).orElse("–"));
    }

    private static String whole(Optional<Integer> chosen, Optional<Integer> requested) {
        return chosen.map(value -> requested.isPresent()
                        ? number((long) value)
                        : text("finetuning.auto_chosen", number((long) value)))
                .orElseGet(() -> text("finetuning.auto"));
    }

    private static String multiplier(Hyperparameters chosen, FineTuningJob job) {
        return chosen.learningRateMultiplier()
                .map(value -> job.requested().learningRateMultiplier().isPresent()
                        ? number(value, 2)
                        : text("finetuning.auto_chosen", number(value, 2)))
                .orElseGet(() -> text("finetuning.auto"));
    }

    private static Component validation(FineTuningDesk desk, FineTuningJob job) {
        return job.files()
                .validationFile()
                .map(id -> file(desk, id))
                .orElseGet(() -> new Span(text("finetuning.no_validation")));
    }

    private static Component file(FineTuningDesk desk, String id) {
        return desk.file(id)
                .<Component>map(known -> new RouterLink(known.filename(), DatasetView.class, id))
                .orElseGet(() -> new Span(text("finetuning.file_deleted", id)));
    }
}
