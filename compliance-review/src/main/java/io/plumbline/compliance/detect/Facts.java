package io.plumbline.compliance.detect;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a detector may know beside the text.
 *
 * @param metadata facts of the tenant, deployment, document or row, by name
 * @param dialogue what was said before the text, oldest first; empty if nothing
 * @param today the date that ages and expiries are counted from
 */
public record Facts(Map<String, String> metadata, String dialogue, LocalDate today) {
    public Facts {
        metadata = Map.copyOf(metadata);
    }

    /** The value of a fact; empty if absent or blank. */
    public Optional<String> value(String name) {
        return Optional.ofNullable(metadata.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    /** The comma-separated values of a fact. */
    public List<String> values(String name) {
        return value(name).stream()
                .flatMap(list -> Arrays.stream(list.split(",")))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }
}
