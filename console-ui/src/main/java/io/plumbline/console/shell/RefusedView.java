package io.plumbline.console.shell;

import static io.plumbline.console.i18n.Texts.text;

import com.vaadin.flow.component.html.Anchor;
import com.vaadin.flow.component.html.Div;
import com.vaadin.flow.component.html.H2;
import com.vaadin.flow.component.html.Paragraph;
import com.vaadin.flow.router.BeforeEnterEvent;
import com.vaadin.flow.router.ErrorParameter;
import com.vaadin.flow.router.HasErrorParameter;
import io.plumbline.console.component.Failures;
import io.plumbline.platform.error.PlatformException;
import io.plumbline.platform.identity.AnyCaller;

/** Says why somebody may not enter the console. Stands without the menu: a person without organisation has none. */
@AnyCaller
public class RefusedView extends Div implements Titled, HasErrorParameter<PlatformException> {
    private static final long serialVersionUID = 1L;
    private static final int FORBIDDEN = 403;

    @Override
    public int setErrorParameter(BeforeEnterEvent entering, ErrorParameter<PlatformException> parameter) {
        addClassName("view");
        setId("refused");
        removeAll();
        Anchor leave = new Anchor("/console/sign-out", text("shell.sign_in_otherwise"));
        leave.setRouterIgnore(true);
        add(new H2(text("shell.refused_console")), new Paragraph(Failures.message(parameter.getException())), leave);
        return FORBIDDEN;
    }

    @Override
    public String title() {
        return text("shell.refused_console");
    }
}
