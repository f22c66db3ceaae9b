package io.plumbline.inference.tokenizer.template;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template can compute with. */
sealed interface Value {
    record Text(String text) implements Value {}

    record Whole(long number) implements Value {}

    record Real(double number) implements Value {}

    record Bool(boolean truth) implements Value {}

    /** A list or tuple. */
    record Sequence(List<Value> items) implements Value {}

    /** A dictionary in insertion order. */
    record Mapping(Map<Value, Value> entries) implements Value {
        Value get(String key) {
            Value value = entries.get(new Text(key));
            return value == null ? new Undefined(key) : value;
        }
    }

    enum None implements Value {
        NONE
    }

    /** A name or key that does not exist; prints as nothing, fails on any use. */
    record Undefined(String name) implements Value {}

    /** The only value that a template can change. */
    record Namespace(Map<String, Value> members) implements Value {
        Namespace() {
            this(new LinkedHashMap<>());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other; // a namespace may contain itself
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A macro, a global function or a method bound to its object. */
    record Function(String name, Body body) implements Value {}

    /** The {@code loop} variable: position {@code index} in {@code items}. */
    record Loop(List<Value> items, int index, int depth) implements Value {}

    /** What a function does. */
    @FunctionalInterface
    interface Body {
        Value call(Arguments arguments);
    }
}
