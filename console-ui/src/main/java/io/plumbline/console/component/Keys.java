package io.plumbline.console.component;

import com.vaadin.flow.component.Component;
import java.util.List;
import java.util.function.Consumer;

/**
 * Single keys as commands of a page. They are told only while nobody types into a field, no dialog is open and no modifier
 * is held, so that writing never decides anything.
 */
public final class Keys {
    private static final String KEY = "event.detail.key";

    private Keys() {}

    /**
     * While the component is on a page.
     *
     * @param keys as the browser names them, such as {@code j}, {@code Enter}, {@code ArrowDown}
     * @param pressed runs under the page's lock
     */
    public static void listen(Component component, List<String> keys, Consumer<String> pressed) {
        component
                .getElement()
                .addEventListener(
                        "console-key",
                        event -> pressed.accept(event.getEventData().path(KEY).asString()))
                .addEventData(KEY);
        component.addAttachListener(attached -> {
            StaticScripts.loadKeys(attached.getUI());
            component.getElement().executeJs("window.plumblineKeys.listen(this, $0)", String.join("\n", keys));
        });
    }

    /** Tells, at most every twenty seconds, that somebody moves, scrolls or types on the page. */
    public static void onActivity(Component component, Runnable active) {
        component.getElement().addEventListener("console-activity", event -> active.run());
        component.addAttachListener(attached -> {
            StaticScripts.loadKeys(attached.getUI());
            component.getElement().executeJs("window.plumblineKeys.watch(this)");
        });
    }
}
