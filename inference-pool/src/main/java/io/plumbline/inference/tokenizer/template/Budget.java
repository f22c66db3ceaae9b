package io.plumbline.inference.tokenizer.template;

import java.util.List;
import java.util.Map;

/** What one rendering may use up. Far above what chat templates need, low enough that a hostile one ends at once. */
final class Budget {
    static final int MAX_STEPS = 2_000_000;
    static final int MAX_OUTPUT = 8_000_000;
    static final int MAX_CALL_DEPTH = 64;
    static final int MAX_VALUE_DEPTH = 64;
    static final int MAX_RANGE = 100_000;
    private static final long MAX_CHARACTERS = 128_000_000;

    private long steps;
    private long characters;
    private int depth;

    /** Counts work: one evaluated node, one element visited. */
    void steps(long count) {
        steps += count;
        if (steps > MAX_STEPS) {
            throw limit("it takes more than %d steps".formatted(MAX_STEPS));
        }
    }

    /** Counts text that is about to be made. */
    void characters(long count) {
        characters += count;
        if (count > MAX_OUTPUT || characters > MAX_CHARACTERS) {
            throw limit("it makes too much text");
        }
    }

    /**
     * Counts all elements of a new list or dictionary, as often as they occur in it. Without this, values that contain the
     * same value twice, many levels deep, would be small to make and endless to print or compare.
     */
    Value weighed(Value container) {
        weigh(container, 0);
        return container;
    }

    private void weigh(Value value, int level) {
        steps(1);
        if (level > MAX_VALUE_DEPTH) {
            throw limit("values are nested more than %d deep".formatted(MAX_VALUE_DEPTH));
        }
        if (value instanceof Value.Sequence(List<Value> items)) {
            items.forEach(item -> weigh(item, level + 1));
        } else if (value instanceof Value.Mapping(Map<Value, Value> entries)) {
            entries.values().forEach(item -> weigh(item, level + 1));
        }
    }

    void enterCall() {
        if (++depth > MAX_CALL_DEPTH) {
            throw limit("calls are nested more than %d deep".formatted(MAX_CALL_DEPTH));
        }
    }

    void leaveCall() {
        depth--;
    }

    static Fault limit(String what) {
        return new Fault(TemplateException.Kind.LIMIT, "The chat template was stopped: " + what);
    }
}
