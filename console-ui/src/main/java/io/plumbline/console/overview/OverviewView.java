package io.plumbline.console.overview;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.Route;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.AnyCaller;
import jakarta.inject.Inject;

/** What a person sees first. */
@AnyCaller
@Route(value = "", layout = MainLayout.class)
@Menu(order = 0, icon = "vaadin:home", title = "overview.title")
public class OverviewView extends Div implements Titled {
    private static final long serialVersionUID = 1L;

    @Inject
    public OverviewView(ConsoleSession session) {
        addClassName("view");
        add(new Span(text(
                "overview.signed_in",
                session.person().subject(),
                session.tenant().value())));
    }

    @Override
    public String title() {
        return text("overview.title");
    }
}
