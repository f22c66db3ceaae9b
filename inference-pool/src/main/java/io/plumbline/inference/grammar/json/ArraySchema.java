package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.grammar.Node;
import java.util.ArrayList;
import java.util.List;

/** Arrays: the items of {@code prefixItems}, then items alike. */
final class ArraySchema {
    private static final int MOST_PREFIX_ITEMS = 100;

    private final JsonSchemaGrammar.Compiler compiler;
    private final SchemaProblems problems;

    ArraySchema(JsonSchemaGrammar.Compiler compiler, SchemaProblems problems) {
        this.compiler = compiler;
        this.problems = problems;
    }

    Node compile(ObjectNode schema, String path) {
        if (schema.path("uniqueItems").asBoolean(false)) {
            problems.unenforced(path, "'uniqueItems' is not supported");
        }
        JsonNode prefix = schema.path("prefixItems");
        if (!prefix.isMissingNode() && !prefix.isArray()) {
            problems.wrong(path, "'prefixItems' is a list of schemas");
        }
        if (prefix.size() > MOST_PREFIX_ITEMS) {
            problems.wrong(path, "'prefixItems' has more than %d schemas".formatted(MOST_PREFIX_ITEMS));
            return Node.IMPOSSIBLE;
        }
        if (schema.path("items").isArray()) {
            problems.wrong(path, "'items' is one schema; a list of them is called 'prefixItems'");
            return Node.IMPOSSIBLE;
        }
        List<Node> first = new ArrayList<>();
        for (int i = 0; i < prefix.size(); i++) {
            first.add(compiler.compile(prefix.get(i), "%s/prefixItems/%d".formatted(path, i)));
        }
        // Like properties: what follows a prefix has to be said, else the array ends there.
        JsonNode items = schema.has("items") ? schema.get("items") : schema.booleanNode(prefix.isEmpty());
        Node rest = compiler.compile(items, path + "/items");
        Counts counts = Counts.of(schema, "minItems", "maxItems", path, problems);
        Node list = counts.max() == 0 ? Node.EMPTY : list(first, rest, counts);
        return Node.sequence(Node.literal("["), list, Node.literal("]"));
    }

    private static Node list(List<Node> first, Node rest, Counts counts) {
        int prefix = first.size();
        Node tail;
        if (prefix == 0) {
            int more = counts.max() == Node.Repeat.UNBOUNDED ? counts.max() : counts.max() - 1;
            Node others = Node.repeat(withComma(rest), Math.max(0, counts.min() - 1), more);
            Node all = Node.sequence(rest, others);
            return counts.min() == 0 ? Node.optional(all) : all;
        }
        boolean open = counts.max() == Node.Repeat.UNBOUNDED;
        if (open || counts.max() > prefix) {
            int more = open ? counts.max() : counts.max() - prefix;
            tail = Node.repeat(withComma(rest), Math.max(0, counts.min() - prefix), more);
        } else {
            tail = Node.EMPTY;
        }
        int most = open ? prefix : Math.min(prefix, counts.max());
        for (int i = most - 1; i >= 0; i--) {
            Node item = i == 0 ? first.get(i) : withComma(first.get(i));
            Node fromHere = Node.sequence(item, tail);
            tail = i >= counts.min() ? Node.optional(fromHere) : fromHere;
        }
        return tail;
    }

    private static Node withComma(Node item) {
        return Node.sequence(JsonGrammar.COMMA, item);
    }
}
