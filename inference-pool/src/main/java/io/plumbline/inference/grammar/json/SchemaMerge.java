package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** One schema that allows what two schemas both allow, where that can be said keyword by keyword. */
final class SchemaMerge {
    private SchemaMerge() {}

    /** The schema, or empty if two keywords cannot be joined. */
    static Optional<ObjectNode> both(ObjectNode a, ObjectNode b) {
        ObjectNode merged = a.deepCopy();
        if (closesOther(a, b) || closesOther(b, a)) {
            return Optional.empty();
        }
        for (var entry : b.properties()) {
            String keyword = entry.getKey();
            JsonNode mine = merged.get(keyword);
            JsonNode joined = mine == null || Keywords.isAnnotation(keyword)
                    ? entry.getValue()
                    : join(keyword, mine, entry.getValue()).orElse(null);
            if (joined == null) {
                return Optional.empty();
            }
            merged.set(keyword, joined);
        }
        return Optional.of(merged);
    }

    /** {@code additionalProperties} speaks of its own {@code properties} only: another schema's would be forbidden. */
    private static boolean closesOther(JsonNode closed, JsonNode other) {
        JsonNode additional = closed.path("additionalProperties");
        if (additional.isMissingNode() || (additional.isBoolean() && additional.booleanValue())) {
            return false;
        }
        Set<String> names = new LinkedHashSet<>();
        other.path("properties").fieldNames().forEachRemaining(names::add);
        closed.path("properties").fieldNames().forEachRemaining(names::remove);
        return !names.isEmpty();
    }

    private static Optional<JsonNode> join(String keyword, JsonNode a, JsonNode b) {
        if (a.equals(b)) {
            return Optional.of(a);
        }
        return switch (keyword) {
            case "type" -> Optional.of(commonTypes(a, b));
            case "required" -> Optional.of(union(a, b));
            case "enum" -> Optional.of(intersection(a, b));
            case "minimum", "exclusiveMinimum", "minLength", "minItems" -> larger(a, b);
            case "maximum", "exclusiveMaximum", "maxLength", "maxItems" -> larger(b, a);
            case "properties" -> properties(a, b);
            default -> Optional.empty();
        };
    }

    private static JsonNode commonTypes(JsonNode a, JsonNode b) {
        Set<String> left = SchemaTypes.listed(a);
        Set<String> right = SchemaTypes.listed(b);
        ArrayNode common = JsonNodeFactory.instance.arrayNode();
        for (String type : left) {
            if (right.contains(type) || (type.equals("integer") && right.contains("number"))) {
                common.add(type);
            } else if (type.equals("number") && right.contains("integer")) {
                common.add("integer");
            }
        }
        return common;
    }

    private static JsonNode union(JsonNode a, JsonNode b) {
        Set<JsonNode> all = new LinkedHashSet<>();
        a.forEach(all::add);
        b.forEach(all::add);
        return JsonNodeFactory.instance.arrayNode().addAll(all);
    }

    private static JsonNode intersection(JsonNode a, JsonNode b) {
        Set<JsonNode> other = new LinkedHashSet<>();
        b.forEach(other::add);
        ArrayNode common = JsonNodeFactory.instance.arrayNode();
        a.forEach(value -> {
            if (other.contains(value)) {
                common.add(value);
            }
        });
        return common;
    }

    /** The larger of two numbers. */
    private static Optional<JsonNode> larger(JsonNode a, JsonNode b) {
        if (!a.isNumber() || !b.isNumber()) {
            return Optional.empty();
        }
        return Optional.of(a.decimalValue().compareTo(b.decimalValue()) >= 0 ? a : b);
    }

    private static Optional<JsonNode> properties(JsonNode a, JsonNode b) {
        if (!(a instanceof ObjectNode left) || !(b instanceof ObjectNode right)) {
            return Optional.empty();
        }
        ObjectNode all = left.deepCopy();
        for (var entry : right.properties()) {
            JsonNode mine = all.get(entry.getKey());
            JsonNode theirs = entry.getValue();
            if (mine == null || mine.equals(theirs)) {
                all.set(entry.getKey(), theirs);
            } else if (mine instanceof ObjectNode x && theirs instanceof ObjectNode y) {
                Optional<ObjectNode> joined = both(x, y);
                if (joined.isEmpty()) {
                    return Optional.empty();
                }
                all.set(entry.getKey(), joined.get());
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(all);
    }
}
