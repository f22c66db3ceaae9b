package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.finetune.job.FineTuningJob;
import io.plumbline.finetune.job.Slice;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;

/** The tenant's fine-tuning jobs, newest first, kept up to date. */
@RequiresScope(Scope.FINE_TUNING_READ)
@Route(value = "finetuning", layout = MainLayout.class)
@Menu(order = 20, icon = "vaadin:trending-down", title = "finetuning.title")
public class FineTuningView extends Div implements Titled {
    private static final long serialVersionUID = 1L;
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final int PAGE = 50;

    private final Grid<FineTuningJob> grid = new Grid<>();
    private final Div empty = new Div();
    private final Button older = new Button(text("finetuning.older"));
    /** How many jobs the list shows; read by the thread that keeps it up to date. */
    private volatile int wanted = PAGE;

    private transient Optional<Slice<FineTuningJob>> shown = Optional.empty();

    @Inject
    public FineTuningView(ConsoleSession session, FineTuningDesk desk) {
        addClassName("view");
        boolean mayCreate = session.may(Scope.FINE_TUNING_WRITE);
        Div head = new Div(new H3(text("finetuning.jobs")));
        head.addClassName("panel-head");
        if (mayCreate) {
            Button create = new Button(
                    text("finetuning.create"), click -> getUI().ifPresent(ui -> ui.navigate(NewJobView.class)));
            create.setId("create-job");
            create.addThemeVariants(ButtonVariant.LUMO_PRIMARY);
            head.add(create);
        }
        empty.setId("jobs-empty");
        empty.addClassName("empty");
        empty.setText(text(mayCreate ? "finetuning.empty" : "finetuning.empty_read_only"));
        empty.setVisible(false);
        older.setVisible(false);
        older.addClickListener(click -> {
            wanted += PAGE;
            show(desk.page(Optional.empty(), wanted));
        });
        columns();
        Div panel = new Div(head, grid, empty, older);
        panel.addClassName("panel");
        add(panel);
        show(desk.page(Optional.empty(), wanted));
        Live.poll(this, session, EVERY, () -> desk.page(Optional.empty(), wanted), this::show);
    }

    private void columns() {
        grid.setId("jobs-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES);
        grid.setAllRowsVisible(true);
        grid.addComponentColumn(job -> new RouterLink(
                        job.suffix().orElse(job.id().shortForm()),
                        JobView.class,
                        job.id().value()))
                .setHeader(text("finetuning.name"))
                .setFlexGrow(1);
        grid.addComponentColumn(job -> new JobBadge(job.state()))
                .setHeader(text("finetuning.state"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(job -> job.files().baseModel())
                .setHeader(text("finetuning.base"))
                .setFlexGrow(1);
        grid.addColumn(FineTuningView::steps)
                .setHeader(text("finetuning.steps"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(FineTuningView::loss)
                .setHeader(text("finetuning.loss"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(job -> time(job.createdAt()))
                .setHeader(text("finetuning.created"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(FineTuningJob::createdBy)
                .setHeader(text("finetuning.by"))
                .setFlexGrow(1);
    }

    static String steps(FineTuningJob job) {
        int total = job.progress().totalSteps();
        return total == 0 ? "–" : number((long) job.progress().stepsDone()) + " / " + number((long) total);
    }

    private static String loss(FineTuningJob job) {
        Optional<Double> loss =
                job.progress().validLoss().or(() -> job.progress().trainLoss());
        return loss.map(value -> number(value, 3)).orElse("–");
    }

    private void show(Slice<FineTuningJob> page) {
        Optional<Slice<FineTuningJob>> now = Optional.of(page);
        if (now.equals(shown)) {
            return;
        }
        shown = now;
        grid.setItems(page.items());
        grid.setVisible(!page.items().isEmpty());
        empty.setVisible(page.items().isEmpty());
        older.setVisible(page.more());
    }

    @Override
    public String title() {
        return text("finetuning.title");
    }
}
