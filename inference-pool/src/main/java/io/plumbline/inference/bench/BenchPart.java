package io.plumbline.inference.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** The parts of the benchmark of one model. */
enum BenchPart {
    /** Loading, memory, decoding and prompts, beside the peer. */
    SERVING,
    /** Answers held to a JSON schema. */
    SCHEMA,
    /** Growth with the number of streams. */
    BATCH,
    /** Growth with the number of tenants. */
    TENANTS,
    /** Growth with the number of adapters. */
    ADAPTERS,
    /** Growth with the length of the context. */
    CONTEXT;

    static final Set<BenchPart> GROWTH = EnumSet.range(BATCH, CONTEXT);

    static Set<BenchPart> withoutGrowth() {
        return EnumSet.range(SERVING, SCHEMA);
    }

    /**
     * The part of that name, in any case.
     *
     * @throws IllegalArgumentException that lists the names
     */
    static BenchPart named(String name) {
        return Arrays.stream(values())
                .filter(part -> part.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no part '%s'; choose from %s".formatted(name, Arrays.toString(values()))));
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
