package io.plumbline.console.shell;

import com.vaadin.quarkus.QuarkusVaadinServlet;
import jakarta.servlet.annotation.WebServlet;

/** Serves the console; the context path of servlets, {@code /console}, is set in application.yaml. */
@WebServlet(urlPatterns = "/*", name = "console", asyncSupported = true, loadOnStartup = 1)
public class ConsoleServlet extends QuarkusVaadinServlet {
    private static final long serialVersionUID = 1L;
}
