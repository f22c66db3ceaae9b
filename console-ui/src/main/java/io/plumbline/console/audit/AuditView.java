package io.plumbline.console.audit;

import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import io.plumbline.compliance.audit.AuditEntry;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.audit.AuditPage;
import io.plumbline.platform.audit.AuditQuery;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;

/** The audit log: the newest first, searched by the address of the page. */
@RequiresScope(Scope.AUDIT_READ)
@Route(value = "audit", layout = MainLayout.class)
@Menu(order = 60, icon = "vaadin:shield", title = "auditlog.title")
public class AuditView extends Div implements Titled, BeforeEnterObserver {
    private static final long serialVersionUID = 1L;
    private static final int PAGE = 100;

    private final transient AuditDesk desk;
    private final SearchForm form;
    private final Grid<AuditEntry> grid = new Grid<>();
    private final Button more = new Button(text("auditlog.more"));
    private transient Search search = Search.of(QueryParameters.empty());
    private int limit = PAGE;

    @Inject
    public AuditView(ConsoleSession session, AuditDesk desk) {
        this.desk = desk;
        addClassNames("view", "audit");
        form = new SearchForm(wanted -> getUI().ifPresent(ui -> ui.navigate(AuditView.class, wanted.parameters())));
        columns();
        more.setId("audit-more");
        more.addClickListener(click -> {
            limit = Math.min(limit + PAGE, AuditQuery.MAX_LIMIT);
            load();
        });
        add(new HeadPanel(session, desk, desk.latestHead()), form, grid, more);
    }

    private void columns() {
        grid.setId("audit-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setSelectionMode(Grid.SelectionMode.NONE);
        grid.setAllRowsVisible(true);
        grid.addComponentColumn(AuditView::index)
                .setHeader(text("auditlog.index"))
                .setWidth("5rem")
                .setFlexGrow(0);
        grid.addColumn(entry -> time(entry.time()))
                .setHeader(text("auditlog.time"))
                .setWidth("14.5rem")
                .setFlexGrow(0);
        grid.addComponentColumn(AuditView::act).setHeader(text("auditlog.type")).setFlexGrow(2);
        grid.addComponentColumn(AuditView::actor)
                .setHeader(text("auditlog.actor"))
                .setFlexGrow(2);
        grid.addComponentColumn(entry -> EntryPanel.mono(entry.act().target()))
                .setHeader(text("auditlog.target"))
                .setFlexGrow(3);
        grid.addItemDoubleClickListener(click ->
                getUI().ifPresent(ui -> ui.navigate("audit/" + click.getItem().index())));
    }

    private static Component index(AuditEntry entry) {
        Anchor link = new Anchor("/console/audit/" + entry.index(), String.valueOf(entry.index()));
        link.setId("audit-entry-" + entry.index());
        return link;
    }

    private static Component actor(AuditEntry entry) {
        Span actor = new Span(entry.act().actor());
        actor.addClassName("holder");
        return actor;
    }

    private static Component act(AuditEntry entry) {
        String type = entry.act().type();
        Div cell = new Div(new Span(ActNames.of(type)));
        if (!ActNames.of(type).equals(type)) {
            Span raw = EntryPanel.mono(type);
            raw.addClassName("muted");
            cell.add(raw);
        }
        cell.addClassName("act");
        return cell;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        search = Search.of(entering.getLocation().getQueryParameters());
        limit = PAGE;
        form.show(search);
        grid.setEmptyStateText(text(search.everything() ? "auditlog.empty" : "auditlog.nothing_found"));
        load();
    }

    private void load() {
        AuditPage page = desk.search(search.query(limit));
        grid.setItems(page.entries());
        more.setVisible(page.more() && limit < AuditQuery.MAX_LIMIT);
    }

    @Override
    public String title() {
        return text("auditlog.title");
    }
}
