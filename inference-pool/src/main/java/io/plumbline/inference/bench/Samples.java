package io.plumbline.inference.bench;

import java.util.Collections;
import java.util.List;

/**
 * The same measurement, repeated.
 *
 * @param values at least one
 */
record Samples(List<Double> values) {
    Samples {
        values = List.copyOf(values);
        if (values.isEmpty()) {
            throw new IllegalArgumentException("a figure needs at least one measurement");
        }
    }

    static Samples of(double value) {
        return new Samples(List.of(value));
    }

    /** The middle one: what a few disturbed measurements cannot move. */
    double median() {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    double smallest() {
        return Collections.min(values);
    }

    double largest() {
        return Collections.max(values);
    }
}
