package io.plumbline.console.i18n;

import static io.plumbline.console.i18n.Texts.text;

import java.time.Duration;

/** Spans of time as people say them, in the language of the page. */
public final class Durations {
    private Durations() {}

    /** Rough, in the two largest units, such as {@code 3 h 12 min}; less than a minute in seconds. */
    public static String rough(Duration time) {
        Duration positive = time.isNegative() ? Duration.ZERO : time;
        if (positive.toDays() > 0) {
            return text("time.days_hours", positive.toDays(), positive.toHoursPart());
        }
        if (positive.toHours() > 0) {
            return text("time.hours_minutes", positive.toHours(), positive.toMinutesPart());
        }
        if (positive.toMinutes() > 0) {
            return text("time.minutes", positive.toMinutes());
        }
        return text("time.seconds", positive.toSeconds());
    }

    /** As on a clock that counts down, such as {@code 4:07}. */
    public static String countdown(Duration time) {
        Duration positive = time.isNegative() ? Duration.ZERO : time;
        return "%d:%02d".formatted(positive.toMinutes(), positive.toSecondsPart());
    }
}
