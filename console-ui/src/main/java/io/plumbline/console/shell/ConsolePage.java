package io.plumbline.console.shell;

import com.vaadin.flow.component.dependency.StyleSheet;
import com.vaadin.flow.component.page.AppShellConfigurator;
import com.vaadin.flow.component.page.Push;
import com.vaadin.flow.server.AppShellSettings;
import com.vaadin.flow.shared.ui.Transport;
import com.vaadin.flow.theme.lumo.Lumo;

/** The page around every view: styles, scripts, icon. All of it is served from here; nothing comes from elsewhere. */
@Push(transport = Transport.LONG_POLLING)
@StyleSheet("context://" + Lumo.STYLESHEET)
@StyleSheet("context://" + Lumo.UTILITY_STYLESHEET)
@StyleSheet("context://console-assets/console.css")
public class ConsolePage implements AppShellConfigurator {
    private static final long serialVersionUID = 1L;

    @Override
    public void configurePage(AppShellSettings settings) {
        settings.setPageTitle("Plumbline");
        settings.addFavIcon("icon", "/console/console-assets/icon.svg", "any");
        settings.addMetaTag("referrer", "same-origin");
    }
}
