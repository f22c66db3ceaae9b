package io.plumbline.console.access;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.tabs.Tab;
import com.vaadin.flow.component.tabs.TabSheet;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.BeforeEnterObserver;
import com.vaadin.flow.router.Location;
import com.vaadin.flow.router.Menu;
import com.vaadin.flow.router.QueryParameters;
import com.vaadin.flow.router.Route;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.shell.MainLayout;
import io.plumbline.console.shell.Titled;
import io.plumbline.platform.identity.RequiresScope;
import io.plumbline.platform.identity.Scope;
import jakarta.inject.Inject;

/** API keys and members, each on a tab of its own; the address says which. */
@RequiresScope(Scope.KEYS_WRITE)
@Route(value = "access", layout = MainLayout.class)
@Menu(order = 70, icon = "vaadin:key", title = "access.title")
public class AccessView extends Div implements Titled, BeforeEnterObserver {
    private static final long serialVersionUID = 1L;
    private static final String PARAMETER = "tab";
    private static final String MEMBERS = "members";

    private final TabSheet tabs = new TabSheet();
    private final Tab members;

    @Inject
    public AccessView(AccessDesk desk, ConsoleSession session) {
        addClassName("view");
        tabs.setWidthFull();
        tabs.add(text("access.keys"), new KeysPanel(desk)).setId("tab-keys");
        members = tabs.add(text("access.members"), new MembersPanel(desk, session));
        members.setId("tab-members");
        tabs.addSelectedChangeListener(selected -> {
            if (selected.isFromClient()) {
                getUI().ifPresent(
                                ui -> ui.getPage().getHistory().replaceState(null, address(selected.getSelectedTab())));
            }
        });
        add(tabs);
    }

    private Location address(Tab selected) {
        return members.equals(selected)
                ? new Location("access", QueryParameters.of(PARAMETER, MEMBERS))
                : new Location("access");
    }

    @Override
    public void beforeEnter(BeforeEnterEvent entering) {
        entering.getLocation()
                .getQueryParameters()
                .getSingleParameter(PARAMETER)
                .filter(MEMBERS::equals)
                .ifPresent(wanted -> tabs.setSelectedTab(members));
    }

    @Override
    public String title() {
        return text("access.title");
    }
}
