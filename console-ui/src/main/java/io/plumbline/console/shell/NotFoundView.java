package io.plumbline.console.shell;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.NotFoundException;
import com.vaadin.flow.router.ParentLayout;
import io.plumbline.platform.identity.AnyCaller;

/** For addresses that lead nowhere. */
@AnyCaller
@ParentLayout(MainLayout.class)
public class NotFoundView extends Div implements Titled, HasErrorParameter<NotFoundException> {
    private static final long serialVersionUID = 1L;
    private static final int NOT_FOUND = 404;

    @Override
    public int setErrorParameter(BeforeEnterEvent entering, ErrorParameter<NotFoundException> parameter) {
        addClassName("view");
        setId("not-found");
        removeAll();
        Anchor home = new Anchor("/console/", text("shell.home"));
        home.setRouterIgnore(true);
        add(new H2(text("shell.not_found")), new Paragraph(text("shell.not_found_remedy")), home);
        return NOT_FOUND;
    }

    @Override
    public String title() {
        return text("shell.not_found");
    }
}
