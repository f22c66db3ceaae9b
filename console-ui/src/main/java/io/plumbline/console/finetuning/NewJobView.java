package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Failures;
import io.plumbline.console.dataset.DatasetsView;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.platform.error.PlatformException;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;

/** The form of a new job. */
@RequiresScope(Scope.FINE_TUNING_WRITE)
@Route(value = "finetuning/new", layout = MainLayout.class)
public class NewJobView extends Div implements Titled, BeforeEnterObserver {
    /** Query parameter: the training file to begin with. */
    public static final String FILE = "file";

    private static final long serialVersionUID = 1L;

    private final transient FineTuningDesk desk;
    private final JobForm form;

    @Inject
    public NewJobView(FineTuningDesk desk) {
        this.desk = desk;
        addClassName("view");
        FineTuningDesk.Choices choices = desk.choices();
        form = new JobForm(choices);
        Div panel = new Div(new H3(text("finetuning.create")));
        panel.addClassName("panel");
        if (choices.files().isEmpty()) {
            Div notice = new Div(
                    new Span(text("finetuning.no_files")),
                    new Span(" "),
                    new RouterLink(text("finetuning.to_datasets"), DatasetsView.class));
            notice.addClassName("notice");
            panel.add(notice);
        }
        if (choices.models().isEmpty()) {
            Div notice = new Div(new Span(text("finetuning.no_models")));
            notice.addClassName("notice");
            panel.add(notice);
        }
        Button start = new Button(text("finetuning.start"), click -> start());
        start.setId("start-job");
        start.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
        Div actions = new Div(start, new RouterLink(text("shell.cancel"), FineTuningView.class));
        actions.addClassName("actions");
        panel.add(form, actions);
        add(panel);
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        entering.getLocation().getQueryParameters().getSingleParameter(FILE).ifPresent(form::select);
    }

    private void start() {
        if (!form.complete()) {
            return;
        }
        try {
            FineTuningJob job = desk.create(form.wish());
            getUI().ifPresent(ui -> ui.navigate(JobView.class, job.id().value()));
        } catch (PlatformException refused) {
            String message = Failures.message(refused);
            if (refused.param().filter(param -> form.refuse(param, message)).isEmpty()) {
                Failures.show(refused);
            }
        }
    }

    @Override
    public String title() {
        return text("finetuning.create");
    }
}
