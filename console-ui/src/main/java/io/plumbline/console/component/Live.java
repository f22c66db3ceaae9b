package io.plumbline.console.component;

import com.vaadin.flow.component.Component;
import com.vaadin.flow.component.UI;
import com.vaadin.flow.component.UIDetachedException;
import com.vaadin.flow.server.Command;
import io.plumbline.console.session.ConsoleSession;
import io.plumbline.console.session.SignedIn;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an open page up to date. Data is fetched on a thread of its own, so a slow database never holds up the page; the
 * page is touched under its lock alone.
 */
public final class Live {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);
    /** Under load an update may miss its long poll, which would hold up the page for a minute: the page asks by itself, too. */
    private static final int SAFETY_NET_MILLIS = 5000;

    private Live() {}

    /**
     * While the component is on a page: fetches at once and then again and again, and shows what came.
     *
     * @param fetch runs as the signed-in person; a failure is told once and tried again
     * @param show runs under the page's lock
     */
    public static <T> void poll(
            Component component, ConsoleSession session, Duration every, Supplier<T> fetch, Consumer<T> show) {
        component.addAttachListener(attached -> {
            UI ui = attached.getUI();
            SignedIn who = session.signedIn();
            Thread thread = Thread.ofVirtual().name("live-page").unstarted(() -> {
                boolean told = false;
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        T fetched = session.as(who, fetch);
                        update(ui, () -> show.accept(fetched));
                        told = false;
                    } catch (RuntimeException failure) {
                        LOG.debug("a page could not be updated", failure);
                        if (!told) {
                            update(ui, () -> Failures.show(failure));
                        }
                        told = true;
                    }
                    if (!rest(every)) {
                        return;
                    }
                }
            });
            component.addDetachListener(detached -> {
                detached.unregisterListener();
                thread.interrupt();
            });
            thread.start();
        });
    }

    /**
     * Fetches something once beside the page.
     *
     * @param fetch runs as the signed-in person
     * @param show runs under the page's lock, with what came or why nothing did
     */
    public static <T> void load(UI ui, ConsoleSession session, Supplier<T> fetch, Consumer<Fetched<T>> show) {
        Thread loading = start(session, () -> {
            Fetched<T> fetched = Fetched.of(fetch);
            update(ui, () -> show.accept(fetched));
        });
        LOG.trace("loading on {}", loading);
    }

    /** Runs work as the signed-in person beside the page; it touches the page through {@link #update}. */
    public static Thread start(ConsoleSession session, Runnable work) {
        SignedIn who = session.signedIn();
        return Thread.ofVirtual()
                .name("beside-page")
                .start(() -> session.as(who, () -> {
                    work.run();
                    return true;
                }));
    }

    /** Touches a page from another thread; does nothing if it was closed meanwhile. */
    public static void update(UI ui, Command work) {
        try {
            Future<Void> done = ui.access(() -> {
                if (ui.getPollInterval() < 0) {
                    ui.setPollInterval(SAFETY_NET_MILLIS);
                }
                work.execute();
            });
            LOG.trace("update of a page under way: {}", done);
        } catch (UIDetachedException closed) {
            LOG.trace("the page was closed", closed);
        }
    }

    private static boolean rest(Duration time) {
        try {
            Thread.sleep(time);
            return true;
        } catch (InterruptedException ended) {
            return false;
        }
    }
}
