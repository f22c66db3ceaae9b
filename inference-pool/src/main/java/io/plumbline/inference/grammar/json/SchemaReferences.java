package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.grammar.Node;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Follows {@code $ref} within one document; each target becomes a rule, so that recursion is one too. */
final class SchemaReferences {
    private static final int LONGEST_CHAIN = 32;

    private final JsonNode root;
    private final String prefix;
    private final SchemaProblems problems;
    private final Set<String> rules = new HashSet<>();
    private final Deque<Open> open = new ArrayDeque<>();

    /** A target that has no grammar yet. */
    record Open(String rule, String pointer, JsonNode schema) {}

    SchemaReferences(JsonNode root, String prefix, SchemaProblems problems) {
        this.root = root;
        this.prefix = prefix;
        this.problems = problems;
    }

    /** The rule of a target. */
    Node rule(String pointer, String path) {
        Optional<JsonNode> target = find(pointer, path);
        if (target.isEmpty()) {
            return Node.IMPOSSIBLE;
        }
        String rule = prefix + pointer;
        if (rules.add(rule)) {
            open.add(new Open(rule, pointer, target.get()));
        }
        return Node.reference(rule);
    }

    /** A target that has to get a grammar. */
    Optional<Open> nextOpen() {
        return Optional.ofNullable(open.poll());
    }

    /** The target of a reference; says so if there is none. */
    Optional<JsonNode> find(String pointer, String path) {
        Optional<JsonNode> target = lookUp(pointer);
        if (target.isEmpty()) {
            problems.wrong(
                    path,
                    "'$ref' to '%s' leads nowhere; references are within the schema, such as '#/$defs/name'"
                            .formatted(pointer));
        }
        return target;
    }

    /** The schema itself, or what its {@code $ref} leads to if that is all it says. */
    JsonNode followed(JsonNode schema) {
        JsonNode target = schema;
        for (int i = 0; i < LONGEST_CHAIN && target.path("$ref").isTextual(); i++) {
            boolean alone = target.properties().stream()
                    .allMatch(entry -> entry.getKey().equals("$ref") || Keywords.isAnnotation(entry.getKey()));
            Optional<JsonNode> next = alone ? lookUp(target.get("$ref").textValue()) : Optional.empty();
            if (next.isEmpty()) {
                return target;
            }
            target = next.get();
        }
        return target;
    }

    private Optional<JsonNode> lookUp(String pointer) {
        if (pointer.equals("#")) {
            return Optional.of(root);
        }
        if (!pointer.startsWith("#/")) {
            return Optional.empty();
        }
        try {
            String decoded = URLDecoder.decode(pointer.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            JsonNode target = root.at(JsonPointer.compile(decoded));
            return target.isMissingNode() ? Optional.empty() : Optional.of(target);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // a wrong escape
        }
    }
}
