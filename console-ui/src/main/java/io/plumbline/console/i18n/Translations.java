package io.plumbline.console.i18n;

import com.vaadin.flow.i18n.I18NProvider;
import com.vaadin.quarkus.annotation.VaadinServiceEnabled;
import com.vaadin.quarkus.annotation.VaadinServiceScoped;
import java.text.MessageFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Texts of the console. A key begins with the name of its bundle: {@code review.claim} stands in
 * {@code console/i18n/review_zh.properties} and {@code review_en.properties}. Placeholders are those of
 * {@link MessageFormat}.
 */
@VaadinServiceEnabled
@VaadinServiceScoped
public class Translations implements I18NProvider {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(Translations.class);
    private static final Map<String, ResourceBundle> BUNDLES = new ConcurrentHashMap<>();

    @Override
    public List<Locale> getProvidedLocales() {
        return Languages.ALL;
    }

    @Override
    public String getTranslation(String key, Locale locale, Object... params) {
        Locale language = Languages.closest(locale);
        Optional<String> pattern = pattern(key, language);
        if (pattern.isEmpty()) {
            LOG.warn("no text for {} in {}", key, language);
            return key;
        }
        // Without parameters an apostrophe is an apostrophe; with them MessageFormat wants it doubled.
        return params.length == 0 ? pattern.get() : new MessageFormat(pattern.get(), language).format(params);
    }

    /** The text as the bundle has it; empty if there is none. */
    public static Optional<String> pattern(String key, Locale locale) {
        Locale language = Languages.closest(locale);
        int dot = key.indexOf('.');
        if (dot <= 0) {
            return Optional.empty();
        }
        try {
            ResourceBundle bundle = BUNDLES.computeIfAbsent(
                    key.substring(0, dot) + "_" + language.getLanguage(),
                    name -> ResourceBundle.getBundle("console.i18n." + name, Locale.ROOT));
            return bundle.containsKey(key) ? Optional.of(bundle.getString(key)) : Optional.empty();
        } catch (MissingResourceException e) {
            return Optional.empty();
        }
    }
}
