package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns JSON Schemas into grammars: every text of the grammar is JSON that satisfies the schema. Properties come in the
 * order of the schema; an object without {@code additionalProperties} has none but its {@code properties}, if it names any.
 *
 * <p>Not everything that a schema allows can be written: white space is fixed, numbers have bounded digits, and extra
 * properties come last. Whatever is written satisfies the schema.
 */
public final class JsonSchemaGrammar {
    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_DEPTH = 60;

    private final SchemaReferences references;
    private final SchemaProblems problems;
    private final SchemaOverlap overlap;
    private final ObjectSchema objects;
    private final ArraySchema arrays;
    private final ScalarSchema scalars;
    private int depth;

    private JsonSchemaGrammar(JsonNode root, String rulePrefix, boolean strict) {
        this.problems = new SchemaProblems(strict);
        this.references = new SchemaReferences(root, rulePrefix, problems);
        this.overlap = new SchemaOverlap(references::followed);
        this.objects = new ObjectSchema(this::compile, problems);
        this.arrays = new ArraySchema(this::compile, problems);
        this.scalars = new ScalarSchema(problems);
    }

    /** Turns a part of a schema into a grammar. */
    interface Compiler {
        /** @param path of the part, for messages */
        Node compile(JsonNode schema, String path);
    }

    /**
     * The grammar of one schema.
     *
     * @param schema an object or a boolean
     * @param strict whether keywords that cannot be enforced are refused by name; else they are left out
     * @throws InvalidGrammarException with every reason, if the schema cannot be guaranteed
     */
    public static Grammar of(JsonNode schema, boolean strict) {
        Map<String, Node> rules = new java.util.HashMap<>(JsonGrammar.rules());
        Node root = addTo(rules, "", schema, strict);
        return new Grammar(root, rules);
    }

    /**
     * The grammar of one of several schemas.
     *
     * @param rules gets the rules of the schema
     * @param prefix in front of their names, so that those of different schemas differ
     * @return the root
     * @throws InvalidGrammarException as {@link #of}
     */
    public static Node addTo(Map<String, Node> rules, String prefix, JsonNode schema, boolean strict) {
        if (schema.toString().length() > MAX_BYTES) {
            throw new InvalidGrammarException(
                    "The schema has more than %d KiB; make it smaller.".formatted(MAX_BYTES / 1024));
        }
        JsonSchemaGrammar compiler = new JsonSchemaGrammar(schema, prefix, strict);
        Node root = compiler.compile(schema, "#");
        Optional<SchemaReferences.Open> open = compiler.references.nextOpen();
        while (open.isPresent()) {
            rules.put(
                    open.get().rule(),
                    compiler.compile(open.get().schema(), open.get().pointer()));
            open = compiler.references.nextOpen();
        }
        compiler.problems.refuse();
        rules.putAll(JsonGrammar.rules());
        return root;
    }

    private Node compile(JsonNode schema, String path) {
        if (schema.isBoolean()) {
            return schema.booleanValue() ? JsonGrammar.VALUE : Node.IMPOSSIBLE;
        }
        if (!(schema instanceof ObjectNode object)) {
            problems.wrong(path, "a schema is an object or a boolean");
            return Node.IMPOSSIBLE;
        }
        if (depth >= MAX_DEPTH) {
            throw new InvalidGrammarException(
                    "The schema is nested deeper than %d levels at %s; flatten it or use '$ref'."
                            .formatted(MAX_DEPTH, shortened(path)));
        }
        depth++;
        try {
            return compileObject(object, path);
        } finally {
            depth--;
        }
    }

    private static String shortened(String path) {
        return path.length() > 80 ? path.substring(0, 80) + "…" : path;
    }

    private Node compileObject(ObjectNode schema, String path) {
        for (var entry : schema.properties()) {
            if (!Keywords.isAnnotation(entry.getKey()) && !Keywords.isSupported(entry.getKey())) {
                problems.unenforced(path, "'%s' is not supported".formatted(entry.getKey()));
            }
        }
        if (schema.has("$ref")) {
            return reference(schema, path);
        }
        if (schema.has("allOf")) {
            return allOf(schema, path);
        }
        if (schema.has("anyOf")) {
            return branches(schema, "anyOf", path);
        }
        if (schema.has("oneOf")) {
            refuseOverlap(schema.get("oneOf"), path + "/oneOf");
            return branches(schema, "oneOf", path);
        }
        return schema.has("const") || schema.has("enum") ? constants(schema, path) : typed(schema, path);
    }

    private Node reference(ObjectNode schema, String path) {
        ObjectNode others = without(schema, "$ref");
        String pointer = schema.get("$ref").asText();
        if (says(others)) {
            return references
                    .find(pointer, path)
                    .map(target -> joined(others, target, path))
                    .orElse(Node.IMPOSSIBLE);
        }
        return references.rule(pointer, path);
    }

    private Node allOf(ObjectNode schema, String path) {
        ObjectNode merged = without(schema, "allOf");
        for (JsonNode part : schema.get("allOf")) {
            JsonNode target = references.followed(part);
            Optional<ObjectNode> joined =
                    target instanceof ObjectNode object ? SchemaMerge.both(merged, object) : Optional.empty();
            if (joined.isEmpty()) {
                return notJoined(path + "/allOf");
            }
            merged = joined.get();
        }
        return compile(merged, path);
    }

    private Node notJoined(String path) {
        problems.wrong(path, "these schemas cannot be joined into one; write out what they allow together");
        return Node.IMPOSSIBLE;
    }

    private Node branches(ObjectNode schema, String keyword, String path) {
        ObjectNode others = without(schema, keyword);
        JsonNode listed = schema.get(keyword);
        if (!listed.isArray() || listed.isEmpty()) {
            problems.wrong(path, "'%s' is a list of at least one schema".formatted(keyword));
            return Node.IMPOSSIBLE;
        }
        List<Node> ways = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            String at = "%s/%s/%d".formatted(path, keyword, i);
            ways.add(says(others) ? joined(others, listed.get(i), at) : compile(listed.get(i), at));
        }
        return Node.choice(ways);
    }

    private Node joined(ObjectNode outer, JsonNode branch, String path) {
        JsonNode target = references.followed(branch);
        Optional<ObjectNode> merged =
                target instanceof ObjectNode object ? SchemaMerge.both(outer, object) : Optional.empty();
        return merged.map(schema -> compile(schema, path)).orElseGet(() -> notJoined(path));
    }

    private void refuseOverlap(JsonNode branches, String path) {
        for (int i = 0; i < branches.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (!overlap.disjoint(branches.get(i), branches.get(j))) {
                    problems.unenforced(
                            path,
                            "branches %d and %d may both match, and oneOf wants exactly one; use anyOf, or give both a"
                                            .formatted(j, i)
                                    + " required property with different constants");
                    return;
                }
            }
        }
    }

    private Node constants(ObjectNode schema, String path) {
        for (var entry : schema.properties()) {
            String keyword = entry.getKey();
            boolean fine =
                    Set.of("const", "enum", "type", "nullable").contains(keyword) || Keywords.isAnnotation(keyword);
            if (!fine && Keywords.isSupported(keyword)) {
                problems.unenforced(path, "'%s' beside 'enum' or 'const'; leave it out".formatted(keyword));
            }
        }
        Set<JsonNode> values = new LinkedHashSet<>();
        schema.path("enum").forEach(values::add);
        if (schema.has("const")) {
            JsonNode only = schema.get("const");
            if (schema.has("enum") && !values.contains(only)) {
                values.clear();
            } else {
                values = new LinkedHashSet<>(Set.of(only));
            }
        }
        Set<String> types = types(schema, path);
        List<Node> ways = values.stream()
                .filter(value -> types.isEmpty() || SchemaTypes.isOf(value, types))
                .map(JsonGrammar::literal)
                .toList();
        if (ways.isEmpty()) {
            problems.wrong(path, "no value is left of 'enum' or 'const'");
        }
        return Node.choice(ways);
    }

    private Node typed(ObjectNode schema, String path) {
        Set<String> types = types(schema, path);
        if (schema.has("type") && types.isEmpty()) {
            problems.wrong(path, "no type is left; 'type' is one or more of " + String.join(", ", SchemaTypes.ALL));
            return Node.IMPOSSIBLE;
        }
        if (types.isEmpty()) {
            types = new LinkedHashSet<>(Keywords.typesSpokenOf(schema));
        }
        if (types.isEmpty()) {
            return JsonGrammar.VALUE;
        }
        List<Node> ways = new ArrayList<>();
        for (String type : types) {
            if (!(type.equals("integer") && types.contains("number"))) {
                ways.add(ofType(type, schema, path));
            }
        }
        return Node.choice(ways);
    }

    private Node ofType(String type, ObjectNode schema, String path) {
        return switch (type) {
            case "object" -> objects.compile(schema, path);
            case "array" -> arrays.compile(schema, path);
            case "string" -> scalars.string(schema, path);
            case "number" -> scalars.number(schema, path);
            case "integer" -> scalars.integer(schema, path);
            case "boolean" -> JsonGrammar.BOOLEAN;
            case "null" -> JsonGrammar.NULL;
            default -> {
                problems.wrong(
                        path,
                        "there is no type '%s'; types are %s".formatted(type, String.join(", ", SchemaTypes.ALL)));
                yield Node.IMPOSSIBLE;
            }
        };
    }

    private Set<String> types(ObjectNode schema, String path) {
        @Nullable JsonNode type = schema.get("type");
        if (type == null) {
            return Set.of();
        }
        if (!type.isTextual() && !type.isArray()) {
            problems.wrong(path, "'type' is a name or a list of names");
        }
        Set<String> types = SchemaTypes.listed(type);
        if (schema.path("nullable").asBoolean(false)) {
            types.add("null");
        }
        return types;
    }

    /** Whether a schema says anything that is to be enforced. */
    private static boolean says(ObjectNode schema) {
        return schema.properties().stream().anyMatch(entry -> !Keywords.isAnnotation(entry.getKey()));
    }

    private static ObjectNode without(ObjectNode schema, String keyword) {
        ObjectNode others = schema.objectNode();
        schema.properties().forEach(entry -> {
            if (!entry.getKey().equals(keyword)) {
                others.set(entry.getKey(), entry.getValue());
            }
        });
        return others;
    }
}
