package io.plumbline.console.component;

import java.util.Optional;
import java.util.function.Supplier;

/** What came of fetching: a value, or the failure that a page shows in its place. */
public record Fetched<T>(Optional<T> value, Optional<RuntimeException> failure) {
    static <T> Fetched<T> of(Supplier<T> fetch) {
        try {
            return new Fetched<>(Optional.of(fetch.get()), Optional.empty());
        } catch (RuntimeException failure) {
            return new Fetched<>(Optional.empty(), Optional.of(failure));
        }
    }
}
