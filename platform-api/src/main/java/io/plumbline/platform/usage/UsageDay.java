package io.plumbline.platform.usage;

import java.time.LocalDate;

/** One model's usage of one day (UTC), as rolled up from the events. */
public record UsageDay(LocalDate day, String model, long requests, Tokens tokens) {}
