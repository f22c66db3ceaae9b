package io.plumbline.console.i18n;

import com.vaadin.flow.component.UI;
import com.vaadin.flow.server.VaadinRequest;
import com.vaadin.flow.server.VaadinSession;
import jakarta.servlet.http.Cookie;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The two languages of the console, and which one a person reads: as chosen before, else as the browser asks. */
public final class Languages {
    public static final Locale CHINESE = Locale.SIMPLIFIED_CHINESE;
    public static final Locale ENGLISH = Locale.ENGLISH;
    public static final List<Locale> ALL = List.of(ENGLISH, CHINESE);

    private static final String COOKIE = "plumbline-language";

    private Languages() {}

    /** Chinese for every kind of Chinese, English for everything else. */
    public static Locale closest(Locale locale) {
        return locale.getLanguage().equals(CHINESE.getLanguage()) ? CHINESE : ENGLISH;
    }

    /** The language of the page that is being drawn. */
    public static Locale current() {
        UI ui = UI.getCurrent();
        return closest(ui == null ? ENGLISH : ui.getLocale());
    }

    /** The language of a browser that has just come. */
    public static Locale of(VaadinRequest request) {
        Optional<Locale> chosen = Stream.ofNullable(request.getCookies())
                .flatMap(Arrays::stream)
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(Cookie::getValue)
                .map(Locale::forLanguageTag)
                .findFirst();
        return closest(chosen.orElse(request.getLocale()));
    }

    /** Switches the console to another language, now and for a year in this browser. */
    public static void choose(UI ui, Locale locale) {
        Locale language = closest(locale);
        VaadinSession.getCurrent().setLocale(language);
        ui.getPage()
                .executeJs(
                        "document.cookie = $0 + '=' + $1 + '; path=/console; max-age=31536000; samesite=lax';"
                                + "window.location.reload()",
                        COOKIE,
                        language.getLanguage());
    }
}
