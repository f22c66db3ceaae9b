package io.plumbline.console.usage;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.AttachEvent;
import com.vaadin.flow.component.grid.ColumnTextAlign;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H3;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.progressbar.ProgressBar;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import com.vaadin.flow.server.streams.DownloadHandler;
import com.vaadin.flow.server.streams.DownloadResponse;
import io.plumbline.console.component.BarChart;
import io.plumbline.console.component.Failures;
import io.plumbline.console.component.Fetched;
import io.plumbline.console.component.Live;
import io.plumbline.console.i18n.Texts;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import io.plumbline.platform.usage.DailyQuota;
import io.plumbline.platform.usage.Tokens;
import io.plumbline.platform.usage.UsageSum;
import jakarta.inject.Inject;
import java.io.ByteArrayInputStream;
import java.util.List;

/** Tokens by day, model and caller; the same figures as the REST route's. */
@RequiresScope(Scope.USAGE_READ)
@Route(value = "usage", layout = MainLayout.class)
@Menu(order = 80, icon = "vaadin:bar-chart", title = "usage.title")
public class UsageView extends Div implements Titled {
    private static final long serialVersionUID = 1L;

    private final transient UsageDesk desk;
    private final transient ConsoleSession session;
    private final Select<Period> period = new Select<>();
    private final Anchor download = new Anchor();
    private final Div figures = new Div();
    private final BarChart chart =
            new BarChart(text("usage.by_day"), List.of(text("usage.prompt"), text("usage.completion")));
    private final Grid<UsageSum> models = table("usage-models", text("usage.model"));
    private final Grid<UsageSum> callers = table("usage-callers", text("usage.caller"));

    @Inject
    public UsageView(UsageDesk desk, ConsoleSession session) {
        this.desk = desk;
        this.session = session;
        addClassName("view");
        period.setId("usage-period");
        period.setLabel(text("usage.period"));
        period.setItems(Period.values());
        period.setItemLabelGenerator(choice -> text("usage.period." + choice.key()));
        period.setValue(Period.LAST_30_DAYS);
        period.addValueChangeListener(chosen -> reload());
        download.setId("usage-download");
        download.setText(text("usage.download"));
        download.getElement().setAttribute("download", true);
        Div head = new Div(period, download);
        head.addClassName("filter-bar");
        figures.addClassName("cards");
        Span days = new Span(text("usage.days_utc"));
        days.addClassName("muted");
        Div left = panel(text("usage.by_model"), models);
        Div right = panel(text("usage.by_caller"), callers);
        Div tables = new Div(left, right);
        tables.addClassName("columns");
        Div drawn = new Div(chart, days);
        drawn.addClassName("panel");
        add(head, figures, drawn, tables);
    }

    private static Div panel(String title, Grid<UsageSum> table) {
        Div panel = new Div(new H3(title), table);
        panel.addClassName("panel");
        return panel;
    }

    private static Grid<UsageSum> table(String id, String group) {
        Grid<UsageSum> grid = new Grid<>();
        grid.setId(id);
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_NO_BORDER, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setAllRowsVisible(true);
        grid.addColumn(UsageSum::group).setHeader(group).setFlexGrow(1).setWidth("11rem");
        number(grid, text("usage.requests"), UsageSum::requests);
        number(grid, text("usage.prompt"), sum -> sum.tokens().prompt());
        number(grid, text("usage.completion"), sum -> sum.tokens().completion());
        number(grid, text("usage.total"), sum -> sum.tokens().total());
        Span empty = new Span(text("usage.none"));
        empty.addClassName("empty");
        grid.setEmptyStateComponent(empty);
        return grid;
    }

    private interface Figure {
        long of(UsageSum sum);
    }

    private static void number(Grid<UsageSum> grid, String header, Figure figure) {
        grid.addColumn(sum -> Texts.number(figure.of(sum)))
                .setHeader(header)
                .setTextAlign(ColumnTextAlign.END)
                .setAutoWidth(true)
                .setFlexGrow(0);
    }

    private void reload() {
        Period wanted = period.getValue();
        getUI().ifPresent(ui -> Live.load(ui, session, () -> desk.report(wanted), report -> show(wanted, report)));
    }

    private void show(Period of, Fetched<UsageReport> fetched) {
        fetched.failure().ifPresent(Failures::show);
        fetched.value().filter(report -> of == period.getValue()).ifPresent(this::show);
    }

    private void show(UsageReport report) {
        Tokens total = report.total();
        figures.removeAll();
        figures.add(
                figure("usage-requests", text("usage.requests"), report.requests()),
                figure("usage-prompt", text("usage.prompt_tokens"), total.prompt()),
                figure("usage-completion", text("usage.completion_tokens"), total.completion()),
                figure("usage-total", text("usage.total_tokens"), total.total()));
        report.quota().ifPresent(quota -> figures.add(quota(quota)));
        chart.show(
                report.days().stream().map(UsageSum::group).toList(),
                List.of(
                        report.days().stream().map(day -> day.tokens().prompt()).toList(),
                        report.days().stream()
                                .map(day -> day.tokens().completion())
                                .toList()));
        models.setItems(report.models());
        callers.setItems(report.callers());
        byte[] csv = report.csv();
        String name = "usage-%s-%s-%s.csv"
                .formatted(session.tenant(), report.from(), report.to().minusDays(1));
        download.setHref(DownloadHandler.fromInputStream(download ->
                new DownloadResponse(new ByteArrayInputStream(csv), name, "text/csv;charset=utf-8", csv.length)));
    }

    private static Div figure(String id, String caption, long value) {
        Div number = new Div(Texts.number(value));
        number.addClassName("figure");
        number.setId(id);
        return card(number, caption);
    }

    private static Div card(Div figure, String caption) {
        Div below = new Div(caption);
        below.addClassName("caption");
        Div card = new Div(figure, below);
        card.addClassName("card");
        return card;
    }

    private static Div quota(DailyQuota quota) {
        Div left = new Div(Texts.number(quota.left()));
        left.addClassName("figure");
        left.setId("usage-quota-left");
        Div card = card(left, text("usage.quota", Texts.number(quota.used()), Texts.number(quota.limit())));
        ProgressBar bar = new ProgressBar(0, Math.max(1, quota.limit()), Math.min(quota.used(), quota.limit()));
        bar.getElement().setAttribute("aria-label", text("usage.quota_label"));
        card.add(bar);
        return card;
    }

    @Override
    protected void onAttach(AttachEvent attached) {
        super.onAttach(attached);
        reload();
    }

    @Override
    public String title() {
        return text("usage.title");
    }
}
