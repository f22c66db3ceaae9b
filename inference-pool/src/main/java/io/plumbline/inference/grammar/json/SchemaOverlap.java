package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Whether two branches of {@code oneOf} can be told apart: then each value satisfies at most one of them, and oneOf means
 * what anyOf means.
 */
final class SchemaOverlap {
    private static final int DEEPEST = 8;

    private final UnaryOperator<JsonNode> resolve;

    /** @param resolve follows {@code $ref} */
    SchemaOverlap(UnaryOperator<JsonNode> resolve) {
        this.resolve = resolve;
    }

    /** Whether no value satisfies both, as far as types, constants and required properties tell. */
    boolean disjoint(JsonNode a, JsonNode b) {
        return disjoint(a, b, 0);
    }

    private boolean disjoint(JsonNode first, JsonNode second, int depth) {
        JsonNode a = resolve.apply(first);
        JsonNode b = resolve.apply(second);
        if (depth > DEEPEST || !a.isObject() || !b.isObject()) {
            return false;
        }
        Optional<Set<JsonNode>> left = values(a);
        Optional<Set<JsonNode>> right = values(b);
        if (left.isPresent() && right.isPresent()) {
            return left.get().stream().noneMatch(right.get()::contains);
        }
        Set<String> types = types(a);
        Set<String> others = types(b);
        boolean known = !types.isEmpty() && !others.isEmpty();
        if (known && types.stream().noneMatch(others::contains)) {
            return true;
        }
        boolean objects = types.equals(Set.of("object")) && others.equals(Set.of("object"));
        return objects && differByProperty(a, b, depth);
    }

    private boolean differByProperty(JsonNode a, JsonNode b, int depth) {
        Set<String> required = new HashSet<>();
        a.path("required").forEach(name -> required.add(name.asText()));
        for (JsonNode name : b.path("required")) {
            if (required.contains(name.asText())) {
                JsonNode mine = a.path("properties").path(name.asText());
                JsonNode theirs = b.path("properties").path(name.asText());
                if (disjoint(mine, theirs, depth + 1)) {
                    return true;
                }
            }
        }
        return lacks(a, b) || lacks(b, a);
    }

    /** Whether a closed object lacks what the other one requires. */
    private static boolean lacks(JsonNode closed, JsonNode other) {
        JsonNode additional = closed.path("additionalProperties");
        if (!additional.isBoolean() || additional.booleanValue()) {
            return false;
        }
        for (JsonNode name : other.path("required")) {
            if (!closed.path("properties").has(name.asText())) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Set<JsonNode>> values(JsonNode schema) {
        if (schema.has("const")) {
            return Optional.of(Set.of(schema.get("const")));
        }
        if (!schema.path("enum").isArray()) {
            return Optional.empty();
        }
        Set<JsonNode> values = new HashSet<>();
        schema.get("enum").forEach(values::add);
        return Optional.of(values);
    }

    /** The types of a schema, with integer counted as number; empty if unknown. */
    private static Set<String> types(JsonNode schema) {
        Set<String> types = new HashSet<>(SchemaTypes.listed(schema.path("type")));
        if (types.remove("integer")) {
            types.add("number");
        }
        values(schema).ifPresent(values -> {
            if (types.isEmpty()) {
                SchemaTypes.ALL.stream()
                        .filter(type -> !type.equals("integer"))
                        .filter(type -> values.stream().anyMatch(value -> SchemaTypes.isOf(value, Set.of(type))))
                        .forEach(types::add);
            }
        });
        if (schema.path("nullable").asBoolean(false)) {
            types.add("null");
        }
        return types;
    }
}
