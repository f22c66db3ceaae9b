package io.plumbline.console.shell;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.component.html.Span;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import com.vaadin.flow.router.ParentLayout;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.identity.AnyCaller;
import io.plumbline.platform.identity.MissingScope;

/** Says that a view is not for the person's role; the menu around it shows what is. */
@AnyCaller
@ParentLayout(MainLayout.class)
public class MissingScopeView extends Div implements Titled, HasErrorParameter<MissingScope> {
    private static final long serialVersionUID = 1L;
    private static final int FORBIDDEN = 403;

    @Override
    public int setErrorParameter(BeforeEnterEvent entering, ErrorParameter<MissingScope> parameter) {
        addClassName("view");
        setId("refused");
        removeAll();
        Anchor home = new Anchor("/console/", text("shell.home"));
        home.setRouterIgnore(true);
        Anchor leave = new Anchor("/console/sign-out", text("shell.sign_out"));
        leave.setRouterIgnore(true);
        add(
                new H2(text("shell.refused")),
                new Paragraph(Failures.message(parameter.getException())),
                new Paragraph(text("shell.refused_remedy")),
                new Div(home, new Span(" · "), leave));
        return FORBIDDEN;
    }

    @Override
    public String title() {
        return text("shell.refused");
    }
}
