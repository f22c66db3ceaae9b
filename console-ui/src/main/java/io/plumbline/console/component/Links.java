package io.plumbline.console.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.RouteConfiguration;
import com.vaadin.flow.router.RouterLink;
import io.plumbline.console.session.ViewAccess;
import io.quarkus.arc.Arc;
import java.util.Optional;

/** Links to other views, for those who may enter them. */
public final class Links {
    private Links() {}

    /** Whether there is a view at a path, and the person may enter it. */
    public static boolean open(String path) {
        ViewAccess access = Arc.container().instance(ViewAccess.class).get();
        return RouteConfiguration.forApplicationScope()
                .getRoute(path)
                .filter(access::mayEnter)
                .isPresent();
    }

    /** A link to the view at a path; for those who may not enter it, the text alone. */
    public static Component to(String path, String label) {
        return RouteConfiguration.forApplicationScope()
                .getRoute(path)
                .filter(view -> open(path))
                .<Component>map(view -> new RouterLink(label, view))
                .orElseGet(() -> new Span(label));
    }

    /** A link at the end of a panel; nothing for those who may not follow it. */
    public static Optional<Component> more(String path, String label) {
        return open(path) ? Optional.of(to(path, label)) : Optional.empty();
    }
}
