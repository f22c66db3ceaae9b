package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.progressbar.ProgressBar;
import io.plumbline.console.component.Links;
import io.plumbline.console.i18n.Texts;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobState;
import java.util.List;

/** The newest fine-tuning jobs with their progress. */
final class Trainings {
    private Trainings() {}

    static Div of(List<FineTuningJob> jobs) {
        Div panel = Panels.panel("trainings", text("overview.trainings"));
        if (jobs.isEmpty()) {
            panel.add(Panels.muted(text("overview.no_trainings")));
        }
        jobs.forEach(job -> panel.add(line(job)));
        Links.more("finetuning", text("overview.to_finetuning")).ifPresent(panel::add);
        return panel;
    }

    private static Div line(FineTuningJob job) {
        Span name = new Span(job.suffix().orElseGet(() -> job.files().baseModel()));
        Div left = new Div(name, new Span(" "), Panels.muted(Texts.time(job.createdAt())));
        left.addClassName("clipped");
        Div line = Panels.line(
                left, Panels.badge(text("overview.job." + job.state().wireName()), kind(job.state())));
        FineTuningJob.Progress progress = job.progress();
        if (job.state() != JobState.RUNNING || progress.totalSteps() == 0) {
            return line;
        }
        ProgressBar bar =
                new ProgressBar(0, progress.totalSteps(), Math.min(progress.stepsDone(), progress.totalSteps()));
        bar.getElement().setAttribute("aria-label", text("overview.progress"));
        Div whole = new Div(
                line,
                bar,
                Panels.muted(text(
                        "overview.steps_done",
                        Texts.number(progress.stepsDone()),
                        Texts.number(progress.totalSteps()))));
        whole.addClassName("stacked");
        return whole;
    }

    private static String kind(JobState state) {
        return switch (state) {
            case VALIDATING_FILES, QUEUED -> "wait";
            case RUNNING -> "busy";
            case SUCCEEDED -> "good";
            case FAILED -> "bad";
            case CANCELLED -> "ended";
        };
    }
}
