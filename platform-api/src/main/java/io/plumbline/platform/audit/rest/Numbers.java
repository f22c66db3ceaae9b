package io.plumbline.platform.audit.rest;

import io.plumbline.platform.error.InvalidRequest;
import io.plumbline.platform.error.NotFound;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Numbers in paths and queries; JAX-RS would answer 404 to one that is none. */
final class Numbers {
    private Numbers() {}

    static long index(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new NotFound("audit entry", text);
        }
    }

    static long required(String param, @Nullable String text) {
        return optional(param, text)
                .orElseThrow(() -> new InvalidRequest(param, "'%s' is needed: a whole number.".formatted(param)));
    }

    static OptionalLong optional(String param, @Nullable String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new InvalidRequest(param, "'%s' is not a whole number.".formatted(text));
        }
    }

    static int limit(String text, int most) {
        long limit = required("limit", text);
        if (limit < 1 || limit > most) {
            throw new InvalidRequest("limit", "'limit' is a number from 1 to %d.".formatted(most));
        }
        return (int) limit;
    }
}
