package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.bytes;
import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEvent;
import com.vaadin.flow.router.HasUrlParameter;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Confirmation;
import io.plumbline.console.component.Facts;
import io.plumbline.console.component.Failures;
import io.plumbline.console.finetuning.NewJobView;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.error.NotFound;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;

/** One training file: what it is, what rules found in it, and its rows. */
@RequiresScope(Scope.FILES_READ)
@Route(value = "datasets", layout = MainLayout.class)
public class DatasetView extends Div implements Titled, HasUrlParameter<String> {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final transient DatasetDesk desk;
    private String filename = "";

    @Inject
    public DatasetView(ConsoleSession session, DatasetDesk desk) {
        this.session = session;
        this.desk = desk;
        addClassName("view");
    }

    @Override
    public void setParameter(BeforeEvent event, String id) {
        removeAll();
        TrainingFile file;
        try {
            file = desk.get(id);
        } catch (NotFound unknown) {
            throw new NotFoundException();
        }
        filename = file.filename();
        add(facts(file), findings(file), new RowBrowser(session, desk, file));
    }

    private Div facts(TrainingFile file) {
        Facts facts = new Facts()
                .add(text("datasets.rows"), number((long) file.rows()))
                .add(text("datasets.size"), bytes(file.bytes()))
                .add(text("datasets.uploaded"), time(file.createdAt()))
                .add(text("datasets.by"), file.createdBy())
                .addCode(text("datasets.id"), file.id())
                .addCode("SHA-256", file.content().hex());
        Div panel = new Div(facts, actions(file));
        panel.addClassName("panel");
        return panel;
    }

    private Div actions(TrainingFile file) {
        Div actions = new Div();
        actions.addClassName("actions");
        RouterLink back = new RouterLink(text("datasets.back"), DatasetsView.class);
        actions.add(back);
        if (session.may(Scope.FINE_TUNING_WRITE)) {
            Button train = new Button(text("datasets.fine_tune"), click -> click.getSource()
                    .getUI()
                    .ifPresent(ui -> ui.navigate(
                            NewJobView.class, new QueryParameters(Map.of(NewJobView.FILE, List.of(file.id()))))));
            train.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
            train.setId("fine-tune");
            actions.add(train);
        }
        if (session.may(Scope.FILES_WRITE)) {
            Button delete = new Button(text("datasets.delete"), click -> askToDelete(file));
            delete.addThemeVariants(ButtonVariant.LUMO_ERROR);
            delete.setId("delete-dataset");
            actions.add(delete);
        }
        return actions;
    }

    private void askToDelete(TrainingFile file) {
        int jobs = desk.jobsUsing(file.id()).size();
        String consequence = jobs == 0
                ? text("datasets.delete.consequence", file.filename())
                : text("datasets.delete.consequence_jobs", file.filename(), jobs);
        Confirmation.ask(text("datasets.delete.title"), consequence, text("datasets.delete"), () -> {
            desk.delete(file.id());
            Failures.done(text("datasets.deleted", file.filename()));
            getUI().ifPresent(ui -> ui.navigate(DatasetsView.class));
        });
    }

    private Div findings(TrainingFile file) {
        List<DatasetDesk.Finding> findings = desk.findings(file.id());
        Div panel = new Div(new H3(text("datasets.checks")));
        panel.addClassName("panel");
        panel.add(
                new Span(text("datasets.checks.format", number((long) file.rows()))),
                findings.isEmpty() ? new Span(text("datasets.findings.none")) : new FindingsList(findings));
        return panel;
    }

    @Override
    public String title() {
        return filename.isEmpty() ? text("datasets.title") : filename;
    }
}
