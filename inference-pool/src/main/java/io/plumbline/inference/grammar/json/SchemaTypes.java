package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The types of values, in JSON Schema's words. */
final class SchemaTypes {
    static final List<String> ALL = List.of("object", "array", "string", "number", "integer", "boolean", "null");

    private SchemaTypes() {}

    /** The value of {@code type}: one name or several; what is no name is left out. */
    static Set<String> listed(JsonNode type) {
        Set<String> names = new LinkedHashSet<>();
        if (type.isTextual()) {
            names.add(type.textValue());
        }
        type.forEach(name -> {
            if (name.isTextual()) {
                names.add(name.textValue());
            }
        });
        return names;
    }

    /** Whether a value is of one of these types. */
    static boolean isOf(JsonNode value, Set<String> types) {
        return switch (value.getNodeType()) {
            case OBJECT -> types.contains("object");
            case ARRAY -> types.contains("array");
            case STRING -> types.contains("string");
            case BOOLEAN -> types.contains("boolean");
            case NULL -> types.contains("null");
            case NUMBER ->
                types.contains("number")
                        || (types.contains("integer")
                                && value.decimalValue().stripTrailingZeros().scale() <= 0);
            case BINARY, MISSING, POJO -> false;
        };
    }
}
