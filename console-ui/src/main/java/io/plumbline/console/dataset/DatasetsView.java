package io.plumbline.console.dataset;

import static io.plumbline.console.i18n.Texts.bytes;
import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.dataset.TrainingFile;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The tenant's training files, and the place where new ones come in. */
@RequiresScope(Scope.FILES_READ)
@Route(value = "datasets", layout = MainLayout.class)
@Menu(order = 10, icon = "vaadin:database", title = "datasets.title")
public class DatasetsView extends Div implements Titled {
    private static final long serialVersionUID = 1L;
    private static final int PAGE = 100;

    private final transient DatasetDesk desk;
    private final boolean mayUpload;
    private final Grid<TrainingFile> grid = new Grid<>();
    private final Div empty = new Div();
    private final Button older = new Button(text("datasets.older"), click -> showOlder());
    private final transient List<TrainingFile> shown = new ArrayList<>();

    @Inject
    public DatasetsView(ConsoleSession session, DatasetDesk desk, UploadFolder folder) {
        this.desk = desk;
        mayUpload = session.may(Scope.FILES_WRITE);
        addClassName("view");
        if (mayUpload) {
            add(new UploadPanel(session, desk, folder, stored -> refresh()));
        }
        empty.setId("datasets-empty");
        empty.addClassName("empty");
        empty.setText(text(mayUpload ? "datasets.empty" : "datasets.empty_read_only"));
        Div panel = new Div(new H3(text("datasets.files")), grid, empty, older);
        panel.addClassName("panel");
        add(panel);
        columns();
        refresh();
    }

    private void columns() {
        grid.setId("datasets-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_ROW_STRIPES);
        grid.setAllRowsVisible(true);
        grid.addComponentColumn(file -> new RouterLink(file.filename(), DatasetView.class, file.id()))
                .setHeader(text("datasets.name"))
                .setFlexGrow(2);
        grid.addColumn(file -> number((long) file.rows()))
                .setHeader(text("datasets.rows"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(file -> bytes(file.bytes()))
                .setHeader(text("datasets.size"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(file -> time(file.createdAt()))
                .setHeader(text("datasets.uploaded"))
                .setAutoWidth(true)
                .setFlexGrow(0);
        grid.addColumn(TrainingFile::createdBy).setHeader(text("datasets.by")).setFlexGrow(1);
    }

    private void refresh() {
        shown.clear();
        showOlder();
    }

    private void showOlder() {
        Optional<String> after =
                shown.isEmpty() ? Optional.empty() : Optional.of(shown.getLast().id());
        List<TrainingFile> page = desk.page(after, PAGE + 1);
        shown.addAll(page.subList(0, Math.min(PAGE, page.size())));
        grid.setItems(List.copyOf(shown));
        grid.setVisible(!shown.isEmpty());
        empty.setVisible(shown.isEmpty());
        older.setVisible(page.size() > PAGE);
    }

    @Override
    public String title() {
        return text("datasets.title");
    }
}
