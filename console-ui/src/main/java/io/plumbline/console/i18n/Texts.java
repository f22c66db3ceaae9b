package io.plumbline.console.i18n;

import com.vaadin.flow.i18n.I18NProvider;
import io.plumbline.compliance.rule.Bilingual;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;

/** Texts, times and numbers in the language of the page that is being drawn. */
public final class Texts {
    private static final I18NProvider TRANSLATIONS = new Translations();

    private Texts() {}

    /** The text of a key; see {@link Translations}. */
    public static String text(String key, Object... params) {
        return TRANSLATIONS.getTranslation(key, Languages.current(), params);
    }

    /** The half of a text in two languages that the page is in. */
    public static String choose(Bilingual text) {
        return Languages.current().equals(Languages.CHINESE) ? text.zh() : text.en();
    }

    /** Date and time of the server's zone, to the second. */
    public static String time(Instant instant) {
        return DateTimeFormatter.ofLocalizedDateTime(FormatStyle.MEDIUM, FormatStyle.MEDIUM)
                .withLocale(Languages.current())
                .withZone(ZoneId.systemDefault())
                .format(instant);
    }

    public static String number(long value) {
        return NumberFormat.getIntegerInstance(Languages.current()).format(value);
    }

    /** With a fixed number of digits after the point. */
    public static String number(double value, int digits) {
        NumberFormat format = NumberFormat.getNumberInstance(Languages.current());
        format.setMinimumFractionDigits(digits);
        format.setMaximumFractionDigits(digits);
        return format.format(value);
    }

    /** A number of bytes in the unit that reads best, by thousands. */
    public static String bytes(long bytes) {
        if (bytes < 1000) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.5 && unit < 3) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %sB" : "%.0f %sB", value, "kMGT".charAt(unit));
    }
}
