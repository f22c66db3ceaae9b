package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.console.component.Links;
import io.plumbline.console.i18n.Texts;
import io.plumbline.platform.deployment.Deployment;
import java.util.List;

/** The models that answer now. */
final class LiveModels {
    private static final int MOST = 5;

    private LiveModels() {}

    static Div of(List<Deployment> models) {
        Div panel = Panels.panel("live-models", text("overview.models"));
        if (models.isEmpty()) {
            panel.add(Panels.muted(text("overview.no_models")));
        }
        models.stream().limit(MOST).forEach(model -> panel.add(line(model)));
        Links.more("models", text("overview.to_models")).ifPresent(panel::add);
        return panel;
    }

    private static Div line(Deployment model) {
        Span name = new Span(model.model());
        name.addClassName("mono");
        Span since = Panels.muted(model.liveAt().map(Texts::time).orElse(""));
        return Panels.line(name, since);
    }
}
