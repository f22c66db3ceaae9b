package io.plumbline.console.review;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.Tabs;
import com.vaadin.flow.function.ValueProvider;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import io.plumbline.compliance.review.CaseCounts;
import io.plumbline.compliance.review.CaseSlice;
import io.plumbline.compliance.review.CaseSummary;
import io.plumbline.compliance.review.Outcome;
import io.plumbline.console.component.Keys;
import io.plumbline.console.component.Live;
import io.plumbline.console.component.RuleCard;
import io.plumbline.console.i18n.Durations;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The queue: held answers of all the person's tenants, the most urgent first; it follows what colleagues do. */
@RequiresScope(Scope.REVIEWS_READ)
@Route(value = "reviews", layout = MainLayout.class)
@Menu(order = 50, icon = "vaadin:scale", title = "review.title")
public class ReviewsView extends Div implements Titled, BeforeEnterObserver {
    private static final long serialVersionUID = 1L;
    private static final Duration EVERY = Duration.ofSeconds(3);
    private static final Duration REDRAW = Duration.ofSeconds(30);
    private static final int PAGE = 50;
    private static final String FILTER = "show";

    private final transient CasesDesk desk;
    private final transient Clock clock;
    private final String person;
    private final Map<QueueFilter, Tab> tabs = new EnumMap<>(QueueFilter.class);
    private final Tabs filters = new Tabs();
    private final Grid<CaseSummary> grid = new Grid<>();
    private final Button more = new Button(text("review.more"));
    private volatile QueueFilter filter = QueueFilter.OPEN;
    private volatile int limit = PAGE;
    private transient List<CaseSummary> shown = List.of();
    private @Nullable String selected;
    private Instant redraw = Instant.MIN;

    /** What a look at the queue brings. */
    private record Queue(QueueFilter filter, CaseSlice slice, CaseCounts counts) {}

    @Inject
    public ReviewsView(ConsoleSession session, CasesDesk desk, Clock clock) {
        this.desk = desk;
        this.clock = clock;
        this.person = session.person().subject();
        addClassNames("view", "reviews");
        Button help =
                new Button(text("review.keys"), click -> KeysDialog.ofList().open());
        help.setId("review-keys");
        help.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        Div head = new Div(tabs(), help);
        head.addClassName("review-head");
        more.setId("review-more");
        more.setVisible(false);
        more.addClickListener(click -> {
            limit += PAGE;
            load();
        });
        columns();
        add(head, grid, more);
        Keys.listen(this, List.of("j", "k", "ArrowDown", "ArrowUp", "Enter", "?"), this::pressed);
        Live.poll(this, session, EVERY, this::fetch, this::show);
    }

    private Tabs tabs() {
        for (QueueFilter value : QueueFilter.values()) {
            Tab tab = new Tab(text(value.key()));
            tab.setId("review-filter-" + value.wireName());
            tabs.put(value, tab);
            filters.add(tab);
        }
        filters.addSelectedChangeListener(changed -> tabs.forEach((value, tab) -> {
            if (tab.equals(changed.getSelectedTab()) && value != filter) {
                getUI().ifPresent(ui -> ui.navigate(ReviewsView.class, QueryParameters.of(FILTER, value.wireName())));
            }
        }));
        return filters;
    }

    private void columns() {
        grid.setId("review-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setSelectionMode(Grid.SelectionMode.SINGLE);
        grid.setAllRowsVisible(true);
        grid.addComponentColumn(ReviewsView::subject)
                .setHeader(text("review.case"))
                .setFlexGrow(5);
        column("review.severity", item -> RuleCard.severity(item.severity()), "7.5rem");
        column("review.tenant", item -> new Span(item.tenant().value()), "6.5rem");
        column("review.age", this::age, "6rem");
        column("review.deadline", this::deadline, "9rem");
        column("review.state", ReviewsView::state, "6.5rem");
        column("review.holder", this::holder, "10.5rem");
        grid.addItemDoubleClickListener(click -> open(click.getItem()));
        grid.addSelectionListener(chosen -> selected =
                chosen.getFirstSelectedItem().map(item -> item.id().value()).orElse(null));
    }

    private void column(String header, ValueProvider<CaseSummary, Component> cell, String width) {
        grid.addComponentColumn(cell).setHeader(text(header)).setWidth(width).setFlexGrow(0);
    }

    private static Component subject(CaseSummary item) {
        Anchor link = new Anchor(address(item), CaseWords.subject(item.findings()));
        link.setId("case-" + item.id().value());
        link.addClassName("case-link");
        Div excerpt = new Div(item.excerpt());
        excerpt.addClassNames("muted", "excerpt");
        Div cell = new Div(link, excerpt);
        cell.addClassName("case-cell");
        return cell;
    }

    private static String address(CaseSummary item) {
        return "/console/reviews/" + item.id().value();
    }

    private static Component state(CaseSummary item) {
        Div cell = new Div(CaseWords.state(item.state()), CaseWords.level(item.level()));
        cell.addClassName("case-state");
        return cell;
    }

    private Span age(CaseSummary item) {
        Span age = new Span(Durations.rough(Duration.between(item.openedAt(), clock.instant())));
        age.setTitle(time(item.openedAt()));
        return age;
    }

    private Component deadline(CaseSummary item) {
        Instant ended = item.outcome().map(Outcome::at).orElse(null);
        Span left = ended == null ? CaseWords.remaining(item.deadline(), clock.instant()) : new Span(time(ended));
        left.setTitle(time(item.deadline()));
        return left;
    }

    private Component holder(CaseSummary item) {
        Optional<String> decider = item.outcome().map(Outcome::by);
        Span name = new Span(decider.map(by -> CaseWords.person(by, person))
                .orElseGet(() -> CaseWords.holder(item.lease(), person)));
        name.addClassName("holder");
        return name;
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        filter = QueueFilter.of(entering.getLocation().getQueryParameters().getParameters(FILTER));
        limit = PAGE;
        Optional.ofNullable(tabs.get(filter)).ifPresent(filters::setSelectedTab);
        grid.setEmptyStateText(text("review.empty." + filter.wireName()));
        load();
    }

    private Queue fetch() {
        QueueFilter wanted = filter;
        return new Queue(wanted, desk.list(wanted.cases(person), limit), desk.counts());
    }

    private void load() {
        show(fetch());
    }

    private void show(Queue queue) {
        if (queue.filter() != filter) {
            return;
        }
        CaseCounts counts = queue.counts();
        label(QueueFilter.OPEN, counts.pending() + counts.claimed());
        label(QueueFilter.ESCALATED, counts.escalated());
        more.setVisible(queue.slice().more());
        List<CaseSummary> cases = queue.slice().cases();
        if (cases.equals(shown) && clock.instant().isBefore(redraw)) {
            return;
        }
        // Also without news now and then, because the times go on; not at each look, because that takes the focus away.
        redraw = clock.instant().plus(REDRAW);
        shown = cases;
        String keep = selected;
        grid.setItems(cases);
        shown.stream()
                .filter(item -> item.id().value().equals(keep))
                .findFirst()
                .ifPresent(grid::select);
    }

    private void label(QueueFilter value, long count) {
        Optional.ofNullable(tabs.get(value))
                .ifPresent(tab -> tab.setLabel(text(value.key()) + (count == 0 ? "" : " (" + number(count) + ")")));
    }

    private void pressed(String key) {
        switch (key) {
            case "j", "ArrowDown" -> move(1);
            case "k", "ArrowUp" -> move(-1);
            case "Enter" -> current().ifPresent(this::open);
            default -> KeysDialog.ofList().open();
        }
    }

    private Optional<CaseSummary> current() {
        return shown.stream().filter(item -> item.id().value().equals(selected)).findFirst();
    }

    private void move(int step) {
        if (shown.isEmpty()) {
            return;
        }
        int at = current().map(shown::indexOf).orElse(step > 0 ? -1 : shown.size());
        CaseSummary next = shown.get(Math.clamp(at + step, 0, shown.size() - 1));
        grid.select(next);
        grid.scrollToItem(next);
    }

    private void open(CaseSummary item) {
        getUI().ifPresent(ui -> ui.navigate("reviews/" + item.id().value()));
    }

    @Override
    public String title() {
        return text("review.title");
    }
}
