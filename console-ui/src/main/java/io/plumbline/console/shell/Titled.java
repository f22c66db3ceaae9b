package io.plumbline.console.shell;

import com.vaadin.flow.router.HasDynamicTitle;

/** A view whose title the bar and the browser show, in the language of the page. */
public interface Titled extends HasDynamicTitle {
    String title();

    @Override
    default String getPageTitle() {
        return title() + " · Plumbline";
    }
}
