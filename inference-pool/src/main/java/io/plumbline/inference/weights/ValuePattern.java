package io.plumbline.inference.weights;

import io.plumbline.inference.weights.pattern.ModuleName;
import io.plumbline.inference.weights.pattern.NamePattern;
import io.plumbline.inference.weights.pattern.StepLimit;
import java.util.List;

/**
 * A value per module as PEFT's {@code rank_pattern} and {@code alpha_pattern} give it: that of the first key which, as a
 * regular expression, matches the module's whole name or what follows one of its dots.
 *
 * @param otherwise of modules that no key matches
 * @param entries in the order of the file
 * @param limit of all matching
 */
record ValuePattern(double otherwise, List<Entry> entries, StepLimit limit) {
    ValuePattern {
        entries = List.copyOf(entries);
    }

    /** A key and its value. */
    record Entry(NamePattern pattern, double value) {}

    double of(ModuleName module) {
        for (Entry entry : entries) {
            if (entry.pattern().matchesEnd(module, limit)) {
                return entry.value();
            }
        }
        return otherwise;
    }
}
