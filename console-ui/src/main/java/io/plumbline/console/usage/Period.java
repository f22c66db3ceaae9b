package io.plumbline.console.usage;

import java.time.LocalDate;
import java.util.Locale;

/** Periods to choose from; days are those of the ledger, UTC. */
enum Period {
    TODAY,
    LAST_7_DAYS,
    LAST_30_DAYS,
    LAST_90_DAYS,
    THIS_MONTH,
    LAST_MONTH;

    /** First day. */
    LocalDate from(LocalDate today) {
        return switch (this) {
            case TODAY -> today;
            case LAST_7_DAYS -> today.minusDays(6);
            case LAST_30_DAYS -> today.minusDays(29);
            case LAST_90_DAYS -> today.minusDays(89);
            case THIS_MONTH -> today.withDayOfMonth(1);
            case LAST_MONTH -> today.withDayOfMonth(1).minusMonths(1);
        };
    }

    /** The day after the last one. */
    LocalDate to(LocalDate today) {
        return switch (this) {
            case TODAY, LAST_7_DAYS, LAST_30_DAYS, LAST_90_DAYS, THIS_MONTH -> today.plusDays(1);
            case LAST_MONTH -> today.withDayOfMonth(1);
        };
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }
}
