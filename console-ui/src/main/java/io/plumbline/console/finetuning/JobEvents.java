package io.plumbline.console.finetuning;

import static io.plumbline.console.i18n.Texts.number;
import static io.plumbline.console.i18n.Texts.text;
import static io.plumbline.console.i18n.Texts.time;

import com.vaadin.flow.component.checkbox.Checkbox;
import com.vaadin.flow.component.grid.Grid;
import com.vaadin.flow.component.grid.GridVariant;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.console.i18n.Sentences;
import io.plumbline.finetune.job.JobEvent;
import java.util.ArrayList;
import java.util.List;

/** What a job reported, newest first; single steps only if asked for. */
final class JobEvents extends Div {
    private static final long serialVersionUID = 1L;
    private static final int MOST_KEPT = 500;

    private final transient List<JobEvent> messages = new ArrayList<>();
    private final transient List<JobEvent> all = new ArrayList<>();
    private final Grid<JobEvent> grid = new Grid<>();
    private final Checkbox everyStep = new Checkbox(text("finetuning.events.steps"));

    JobEvents() {
        everyStep.setId("events-steps");
        everyStep.addValueChangeListener(changed -> draw());
        grid.setId("events-grid");
        grid.addThemeVariants(GridVariant.LUMO_COMPACT, GridVariant.LUMO_WRAP_CELL_CONTENT);
        grid.setHeight("17rem");
        grid.addColumn(event -> time(event.createdAt()))
                .setHeader(text("finetuning.events.when"))
                .setWidth("15rem")
                .setFlexGrow(0);
        grid.addComponentColumn(JobEvents::level)
                .setHeader(text("finetuning.events.level"))
                .setWidth("6rem")
                .setFlexGrow(0);
        grid.addColumn(event -> Sentences.inPageLanguage(event.message()))
                .setHeader(text("finetuning.events.what"))
                .setFlexGrow(1);
        add(everyStep, grid);
        addClassName("stack");
    }

    void add(List<JobEvent> news) {
        if (news.isEmpty()) {
            return;
        }
        for (JobEvent event : news) {
            all.addFirst(event);
            if (!event.data().containsKey("train_loss")) {
                messages.addFirst(event);
            }
        }
        cut(all);
        cut(messages);
        draw();
    }

    private static void cut(List<JobEvent> events) {
        if (events.size() > MOST_KEPT) {
            events.subList(MOST_KEPT, events.size()).clear();
        }
    }

    private void draw() {
        List<JobEvent> shown = everyStep.getValue() ? all : messages;
        grid.setItems(List.copyOf(shown));
        everyStep.setLabel(text("finetuning.events.steps", number((long) MOST_KEPT)));
    }

    private static Span level(JobEvent event) {
        Span badge = new Span(text("finetuning.level." + event.level().name()));
        badge.addClassName("badge");
        switch (event.level()) {
            case INFO -> {}
            case WARN -> badge.addClassName("wait");
            case ERROR -> badge.addClassName("bad");
        }
        return badge;
    }
}
