package io.plumbline.compliance.audit;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Times of the log: UTC, always with three digits of a second. */
final class LogTime {
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private LogTime() {}

    static Instant exact(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS);
    }

    static String text(Instant time) {
        return FORMAT.format(time);
    }
}
