package io.plumbline.compliance.audit;

import java.util.OptionalLong;

/**
 * The first thing that is wrong with a log.
 *
 * @param line of the file, from 1; empty for the stored log
 * @param index of the entry, where the damage is in one
 * @param part what is wrong there, such as {@code entry}, {@code leaf_hash}, {@code tree_head}, {@code header}
 * @param message what was found and what it means
 */
public record Damage(OptionalLong line, OptionalLong index, String part, String message) {
    static Damage of(String part, String message) {
        return new Damage(OptionalLong.empty(), OptionalLong.empty(), part, message);
    }

    static Damage ofEntry(long index, String part, String message) {
        return new Damage(OptionalLong.empty(), OptionalLong.of(index), part, message);
    }

    Damage atLine(long number) {
        return new Damage(OptionalLong.of(number), index, part, message);
    }

    /** Where, in words: {@code line 7, entry 4, leaf_hash}. */
    public String place() {
        String where = line.isPresent() ? "line %d, ".formatted(line.getAsLong()) : "";
        String which = index.isPresent() ? "entry %d, ".formatted(index.getAsLong()) : "";
        return where + which + part;
    }

    @Override
    public String toString() {
        return place() + ": " + message;
    }
}
