package io.plumbline.finetune.job;

import java.util.List;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param items in order
 * @param more whether others follow
 */
public record Slice<T>(List<T> items, boolean more) {
    public Slice {
        items = List.copyOf(items);
    }

    /** Of one row more than the limit, so that it is known whether others follow. */
    static <E, T> Slice<T> of(List<E> found, int limit, Function<E, T> view) {
        return new Slice<>(found.stream().limit(limit).map(view).toList(), found.size() > limit);
    }
}
