package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import io.plumbline.platform.health.InstallationPart;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Which parts of the installation answer, and what it means to people where one does not. */
final class Installation {
    private Installation() {}

    static Div of(Map<InstallationPart, Boolean> parts) {
        Div panel = Panels.panel("installation", text("overview.installation"));
        Map<InstallationPart, Boolean> ordered = new EnumMap<>(InstallationPart.class);
        ordered.putAll(parts);
        ordered.forEach((part, up) -> {
            String key = part.name().toLowerCase(Locale.ROOT);
            panel.add(Panels.line(
                    new Span(text("overview.part." + key)),
                    up
                            ? Panels.badge(text("overview.part_up"), "good")
                            : Panels.badge(text("overview.part_down"), "bad")));
            if (!up) {
                panel.add(Panels.muted(text("overview.part_away." + key)));
            }
        });
        return panel;
    }
}
