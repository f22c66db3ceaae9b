package io.plumbline.console.shell;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.applayout.AppLayout;
import com.vaadin.flow.component.applayout.DrawerToggle;
import com.vaadin.flow.component.avatar.Avatar;
import com.vaadin.flow.component.button.Button;
import com.vaadin.flow.component.button.ButtonVariant;
import com.vaadin.flow.component.contextmenu.MenuItem;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H1;
import com.vaadin.flow.component.html.Image;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.component.icon.Icon;
import com.vaadin.flow.component.menubar.MenuBar;
import com.vaadin.flow.component.menubar.MenuBarVariant;
import com.vaadin.flow.component.orderedlayout.Scroller;
import com.vaadin.flow.component.select.Select;
import com.vaadin.flow.component.sidenav.SideNav;
import com.vaadin.flow.component.sidenav.SideNavItem;
import com.vaadin.flow.router.AfterNavigationEvent;
import com.vaadin.flow.router.AfterNavigationObserver;
import com.vaadin.flow.server.menu.MenuConfiguration;
import com.vaadin.flow.server.menu.MenuEntry;
import io.plumbline.console.i18n.Languages;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.ViewAccess;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.identity.Reviewer;
import jakarta.inject.Inject;
import java.util.Locale;

/** Bar and menu around every view. The menu shows what the person may enter, and nothing else. */
public class MainLayout extends AppLayout implements AfterNavigationObserver {
    private static final long serialVersionUID = 1L;

    private final transient ConsoleSession session;
    private final H1 title = new H1();

    @Inject
    public MainLayout(ConsoleSession session, ViewAccess access) {
        this.session = session;
        setPrimarySection(Section.DRAWER);
        addToDrawer(brand(), new Scroller(menu(access)));
        Div bar = new Div(title, tenants(), language(), account());
        bar.addClassName("console-bar");
        DrawerToggle toggle = new DrawerToggle();
        toggle.setAriaLabel(text("shell.menu"));
        addToNavbar(toggle, bar);
    }

    private static Div brand() {
        Image image = new Image("/console/console-assets/icon.svg", "");
        Div brand = new Div(image, new Span("Plumbline"));
        brand.addClassName("console-brand");
        return brand;
    }

    private static SideNav menu(ViewAccess access) {
        SideNav menu = new SideNav();
        for (MenuEntry entry : MenuConfiguration.getMenuEntries()) {
            if (entry.menuClass() != null && access.mayEnter(entry.menuClass())) {
                SideNavItem item = new SideNavItem(text(entry.title()), entry.menuClass());
                item.setMatchNested(!entry.path().isEmpty());
                if (entry.icon() != null) {
                    item.setPrefixComponent(new Icon(entry.icon()));
                }
                menu.addItem(item);
            }
        }
        return menu;
    }

    /** Only people who work for several tenants choose one. */
    private Div tenants() {
        Reviewer person = session.person();
        Div place = new Div();
        if (person.tenants().size() == 1) {
            Span only = new Span(session.tenant().value());
            only.addClassName("badge");
            place.add(only);
            return place;
        }
        Select<TenantId> select = new Select<>();
        select.setItems(person.tenants());
        select.setItemLabelGenerator(TenantId::value);
        select.setValue(session.tenant());
        select.setAriaLabel(text("shell.tenant"));
        select.setWidth("10rem");
        select.addValueChangeListener(chosen -> {
            session.choose(chosen.getValue());
            getUI().ifPresent(ui -> ui.getPage().reload());
        });
        place.add(select);
        return place;
    }

    private static Button language() {
        boolean chinese = Languages.current().equals(Languages.CHINESE);
        Locale other = chinese ? Languages.ENGLISH : Languages.CHINESE;
        Button button = new Button(chinese ? "English" : "中文");
        button.setId("language");
        button.addThemeVariants(ButtonVariant.LUMO_TERTIARY);
        button.addClickListener(click -> button.getUI().ifPresent(ui -> Languages.choose(ui, other)));
        return button;
    }

    private MenuBar account() {
        Reviewer person = session.person();
        MenuBar bar = new MenuBar();
        bar.addThemeVariants(MenuBarVariant.LUMO_TERTIARY_INLINE);
        Avatar avatar = new Avatar(person.subject());
        MenuItem item = bar.addItem(avatar);
        item.setAriaLabel(text("shell.account"));
        item.getSubMenu().addItem(new Span(person.subject())).setEnabled(false);
        item.getSubMenu().addItem(text("shell.sign_out"), click -> getUI().ifPresent(ui -> {
            ui.getPage().setLocation("/console/sign-out");
            ui.getSession().close();
        }));
        return bar;
    }

    @Override
    public void afterNavigation(AfterNavigationEvent navigated) {
        title.setText(getContent() instanceof Titled titled ? titled.title() : "");
    }
}
