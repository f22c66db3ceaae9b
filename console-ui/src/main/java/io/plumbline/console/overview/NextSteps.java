package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.ListItem;
import com.vaadin.flow.component.html.OrderedList;
import io.plumbline.console.component.Links;
import io.plumbline.console.overview.Overview.Step;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The way to the first model of one's own, with what is done and what comes next. */
final class NextSteps {
    private NextSteps() {}

    /** Empty once all is done. */
    static Optional<Div> of(Set<Step> done) {
        Optional<Step> next =
                Stream.of(Step.values()).filter(step -> !done.contains(step)).findFirst();
        return next.map(step -> panel(done, step));
    }

    private static Div panel(Set<Step> done, Step next) {
        OrderedList list = new OrderedList();
        list.addClassName("steps");
        for (Step step : Step.values()) {
            ListItem item = new ListItem(Links.to(step.route(), text("overview.step." + key(step))));
            item.setId("step-" + key(step));
            if (done.contains(step)) {
                item.addClassName("done");
                item.add(Panels.badge(text("overview.step_done"), "good"));
            } else if (step == next) {
                item.addClassName("next");
                item.add(new Div(text("overview.step_about." + key(step))));
            }
            list.add(item);
        }
        return Panels.panel("next-steps", text("overview.next_steps"), list);
    }

    private static String key(Step step) {
        return step.name().toLowerCase(Locale.ROOT);
    }
}
