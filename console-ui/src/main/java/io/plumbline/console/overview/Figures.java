package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import io.plumbline.console.component.Links;
import io.plumbline.console.i18n.Texts;
import io.plumbline.finetune.job.FineTuningJob;
import java.util.List;
import java.util.Optional;

/** The row of large numbers, each leading to its screen. */
final class Figures {
    private Figures() {}

    /** Empty for people without any. */
    static Optional<Div> of(Overview overview) {
        Div row = new Div();
        row.addClassName("cards");
        overview.waiting()
                .ifPresent(waiting -> row.add(card(
                        "figure-waiting",
                        waiting.counts().pending() + waiting.counts().claimed(),
                        Links.to("reviews", text("overview.cases_waiting")))));
        overview.models()
                .ifPresent(models -> row.add(
                        card("figure-models", models.size(), Links.to("models", text("overview.models_live")))));
        overview.jobs()
                .ifPresent(jobs -> row.add(
                        card("figure-jobs", unfinished(jobs), Links.to("finetuning", text("overview.jobs_running")))));
        overview.today().ifPresent(today -> {
            row.add(card("figure-answers", today.answers(), Links.to("usage", text("overview.answers_today"))));
            row.add(card("figure-tokens", today.tokens(), Links.to("usage", text("overview.tokens_today"))));
        });
        return row.getComponentCount() == 0 ? Optional.empty() : Optional.of(row);
    }

    private static long unfinished(List<FineTuningJob> jobs) {
        return jobs.stream().filter(job -> !job.state().terminal()).count();
    }

    private static Div card(String id, long value, Component caption) {
        Div number = new Div(Texts.number(value));
        number.addClassName("figure");
        number.setId(id);
        Div below = new Div(caption);
        below.addClassName("caption");
        Div card = new Div(number, below);
        card.addClassName("card");
        return card;
    }
}
