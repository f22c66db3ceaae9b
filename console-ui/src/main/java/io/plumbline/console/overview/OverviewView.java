package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import io.plumbline.console.component.Live;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.AnyCaller;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a person sees first: figures of today, what runs, what waits, what to do next. Keeps itself up to date. */
@AnyCaller
@Route(value = "", layout = MainLayout.class)
@Menu(order = 0, icon = "vaadin:home", title = "overview.title")
public class OverviewView extends Div implements Titled {
    private static final long serialVersionUID = 1L;
    private static final Duration EVERY = Duration.ofSeconds(5);

    private transient @Nullable Overview shown;

    @Inject
    public OverviewView(ConsoleSession session, OverviewNow now) {
        addClassName("view");
        setId("overview");
        Live.poll(this, session, EVERY, now::get, this::show);
    }

    /** Draws only what changed: a page that is redrawn under the hands of its reader is of no use. */
    private void show(Overview overview) {
        if (Objects.equals(overview, shown)) {
            return;
        }
        shown = overview;
        removeAll();
        Figures.of(overview).ifPresent(this::add);
        Div panels = new Div();
        panels.addClassName("columns");
        Stream.of(
                        overview.done().flatMap(NextSteps::of),
                        overview.waiting().map(WaitingCases::of),
                        overview.jobs().map(Trainings::of),
                        overview.models().map(LiveModels::of),
                        overview.verdicts().map(TodaysVerdicts::of))
                .flatMap(part -> part.<Component>map(component -> component).stream())
                .forEach(panels::add);
        panels.add(Installation.of(overview.parts()));
        add(panels);
    }

    @Override
    public String title() {
        return text("overview.title");
    }
}
