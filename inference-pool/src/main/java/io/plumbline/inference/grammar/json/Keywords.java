package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The keywords of JSON Schema (2020-12, and draft 7 where they agree) that mean something to this product. */
final class Keywords {
    /** Say something to people; nothing is to be enforced. */
    private static final Set<String> ANNOTATIONS = Set.of(
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "$comment",
            "$schema",
            "$id",
            "$defs",
            "definitions",
            "discriminator",
            "contentMediaType",
            "contentEncoding",
            "strict",
            "propertyOrdering",
            "$anchor");

    /** By the type of value that each concerns. */
    private static final Map<String, Set<String>> BY_TYPE = byType();

    private static final Set<String> GENERAL =
            Set.of("type", "nullable", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

    private Keywords() {}

    private static Map<String, Set<String>> byType() {
        Map<String, Set<String>> byType = new LinkedHashMap<>();
        byType.put("object", Set.of("properties", "required", "additionalProperties"));
        byType.put("array", Set.of("items", "prefixItems", "minItems", "maxItems", "uniqueItems"));
        byType.put("string", Set.of("minLength", "maxLength", "pattern", "format"));
        byType.put("number", Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"));
        return byType;
    }

    static boolean isAnnotation(String keyword) {
        return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
    }

    static boolean isSupported(String keyword) {
        return GENERAL.contains(keyword) || BY_TYPE.values().stream().anyMatch(set -> set.contains(keyword));
    }

    /** The types that the keywords of a schema speak of; empty if of none. */
    static List<String> typesSpokenOf(JsonNode schema) {
        return BY_TYPE.entrySet().stream()
                .filter(entry -> entry.getValue().stream().anyMatch(schema::has))
                .map(Map.Entry::getKey)
                .toList();
    }

    static String supported() {
        Set<String> all = new TreeSet<>(GENERAL);
        BY_TYPE.values().forEach(all::addAll);
        return String.join(", ", all);
    }
}
