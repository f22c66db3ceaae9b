package io.plumbline.console.component;

import com.vaadin.flow.component.UI;

/** Scripts that are served as they are, without a front-end build. */
final class StaticScripts {
    private StaticScripts() {}

    static void load(UI ui) {
        ui.getPage().addJavaScript("context://webjars/chart.js/4.4.1/dist/chart.umd.js");
        ui.getPage().addJavaScript("context://console-assets/charts.js");
    }

    static void loadKeys(UI ui) {
        ui.getPage().addJavaScript("context://console-assets/keys.js");
    }
}
