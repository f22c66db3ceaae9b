package io.plumbline.platform.review.rest;

import io.plumbline.compliance.review.CaseId;
import io.plumbline.compliance.review.CasePosition;
import io.plumbline.platform.error.InvalidRequest;
import java.time.DateTimeException;
import java.time.Instant;

/** A place in the list of cases as text: {@code 2026-01-31T08:00:00Z~case-…}. */
final class Cursor {
    private static final char SEPARATOR = '~';

    private Cursor() {}

    static String write(CasePosition position) {
        return position.at().toString() + SEPARATOR + position.id().value();
    }

    /** @throws InvalidRequest if it is none */
    static CasePosition read(String text) {
        int at = text.indexOf(SEPARATOR);
        try {
            return new CasePosition(
                    Instant.parse(text.substring(0, Math.max(0, at))), new CaseId(text.substring(at + 1)));
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new InvalidRequest(
                    "after", "'after' is the next_after of the page before, not '%s'.".formatted(text));
        }
    }
}
