package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.progressbar.ProgressBar;
import com.vaadin.flow.router.BeforeEvent;
import com.vaadin.flow.router.HasUrlParameter;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Confirmation;
import io.plumbline.console.component.Live;
import io.plumbline.console.deployment.ModelsView;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.JobEvent;
import io.plumbline.finetune.job.JobId;
import io.plumbline.finetune.job.JobState;
import io.plumbline.platform.finetuning.JobNotFound;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Follows one job: state, curve, events, checkpoints, settings. */
@RequiresScope(Scope.FINE_TUNING_READ)
@Route(value = "finetuning", layout = MainLayout.class)
public class JobView extends Div implements Titled, HasUrlParameter<String> {
    private static final long serialVersionUID = 1L;
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final transient ConsoleSession session;
    private final transient FineTuningDesk desk;
    private final JobBadge badge = new JobBadge(JobState.QUEUED);
    private final Span steps = new Span();
    private final ProgressBar progress = new ProgressBar();
    private final Button cancel = new Button(text("finetuning.cancel"));
    private final Button deploy = new Button(text("finetuning.deploy"));
    private final JobNotice notice = new JobNotice();
    private final LossCurve curve = new LossCurve();
    private final Span noCurve = new Span(text("finetuning.curve.none"));
    private final JobEvents events = new JobEvents();
    private final JobCheckpoints checkpoints = new JobCheckpoints();
    private String title = text("finetuning.title");

    @Inject
    public JobView(ConsoleSession session, FineTuningDesk desk) {
        this.session = session;
        this.desk = desk;
        addClassName("view");
    }

    @Override
    public void setParameter(BeforeEvent event, String id) {
        FineTuningJob job = find(id);
        title = job.suffix().orElse(job.id().shortForm());
        Div curvePanel = panel(text("finetuning.progress"), curve, noCurve);
        noCurve.addClassName("muted");
        add(
                head(id),
                notice,
                curvePanel,
                panel(text("finetuning.events"), events),
                panel(text("finetuning.checkpoints"), checkpoints),
                panel(text("finetuning.settings"), new JobFacts(desk, job)));
        show(new FineTuningDesk.Look(job, List.of(), List.of()));
        Live.poll(this, session, EVERY, follow(id), this::show);
    }

    private FineTuningJob find(String id) {
        try {
            if (!JobId.isId(id)) {
                throw new NotFoundException();
            }
            return desk.get(id);
        } catch (JobNotFound unknown) {
            throw new NotFoundException();
        }
    }

    /** Looks again and again, each time from the last event seen; runs on one thread. */
    private Supplier<FineTuningDesk.Look> follow(String id) {
        return new Supplier<>() {
            private Optional<String> known = Optional.empty();

            @Override
            public FineTuningDesk.Look get() {
                FineTuningDesk.Look look = desk.look(id, known);
                if (!look.news().isEmpty()) {
                    known = Optional.of(look.news().getLast().id());
                }
                return look;
            }
        };
    }

    private Div head(String id) {
        badge.setId("job-state");
        steps.setId("job-steps");
        progress.setId("job-progress");
        progress.setWidth("14rem");
        cancel.setId("cancel-job");
        cancel.addThemeVariants(ButtonVariant.LUMO_ERROR);
        cancel.addClickListener(click -> Confirmation.ask(
                text("finetuning.cancel.title"),
                text("finetuning.cancel.consequence"),
                text("finetuning.cancel"),
                () -> show(new FineTuningDesk.Look(desk.cancel(id), List.of(), List.of()))));
        deploy.setId("deploy-model");
        deploy.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div head = new Div(
                new RouterLink(text("finetuning.back"), FineTuningView.class), badge, progress, steps, deploy, cancel);
        head.addClassNames("panel", "actions");
        deploy.addClickListener(click -> getUI().ifPresent(ui -> desk.get(id)
                .result()
                .ifPresent(result -> ui.navigate(
                        ModelsView.class, new QueryParameters(Map.of(ModelsView.DEPLOY, List.of(result.model())))))));
        return head;
    }

    private void show(FineTuningDesk.Look look) {
        FineTuningJob job = look.job();
        badge.show(job.state());
        int total = job.progress().totalSteps();
        progress.setVisible(!job.state().terminal());
        progress.setIndeterminate(total == 0);
        if (total > 0) {
            progress.setMax(total);
            progress.setValue(Math.min(job.progress().stepsDone(), total));
        }
        steps.setText(stepsAndTime(job));
        cancel.setVisible(!job.state().terminal() && session.may(Scope.FINE_TUNING_WRITE));
        deploy.setVisible(job.result().isPresent() && session.may(Scope.DEPLOYMENTS_WRITE));
        List<JobEvent> news = look.news();
        curve.add(news);
        noCurve.setVisible(curve.isEmpty());
        curve.setVisible(!curve.isEmpty());
        events.add(news);
        checkpoints.show(job, look.checkpoints());
        notice.show(job, news);
    }

    private static String stepsAndTime(FineTuningJob job) {
        if (job.progress().totalSteps() == 0) {
            return "";
        }
        String steps = text("finetuning.steps_done", FineTuningView.steps(job));
        return job.estimatedFinish(Instant.now())
                .map(end -> steps + " · " + text("finetuning.estimated", time(end)))
                .orElse(steps);
    }

    private static Div panel(String title, Component... parts) {
        Div panel = new Div(new H3(title));
        panel.add(parts);
        panel.addClassName("panel");
        return panel;
    }

    @Override
    public String title() {
        return title;
    }
}
