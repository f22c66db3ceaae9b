package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.grammar.CodePoints;
import io.plumbline.inference.grammar.Node;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Objects: the properties of a schema in its order, each there if required, then others if they are allowed. */
final class ObjectSchema {
    private final JsonSchemaGrammar.Compiler compiler;
    private final SchemaProblems problems;

    /** @param required whether it has to be there */
    private record Member(Node grammar, boolean required) {}

    ObjectSchema(JsonSchemaGrammar.Compiler compiler, SchemaProblems problems) {
        this.compiler = compiler;
        this.problems = problems;
    }

    Node compile(ObjectNode schema, String path) {
        JsonNode properties = schema.path("properties");
        Set<String> required = required(schema, path);
        if (!properties.isMissingNode() && !properties.isObject()) {
            problems.wrong(path, "'properties' is an object of schemas by name");
        }
        List<Member> members = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        properties.properties().forEach(entry -> {
            names.add(entry.getKey());
            members.add(member(entry.getKey(), entry.getValue(), required.contains(entry.getKey()), path));
        });
        boolean free = !schema.has("properties") && !schema.has("additionalProperties");
        JsonNode additional = schema.path("additionalProperties");
        boolean open = free || (!additional.isMissingNode() && !(additional.isBoolean() && !additional.booleanValue()));
        for (String name : required) {
            if (names.add(name)) {
                if (!open) {
                    problems.wrong(path, "'%s' is required, but not among the properties".formatted(name));
                }
                JsonNode any = additional.isObject() ? additional : schema.booleanNode(true);
                members.add(member(name, any, true, path));
            }
        }
        if (free && required.isEmpty()) {
            return JsonGrammar.OBJECT;
        }
        return Node.sequence(Node.literal("{"), list(members, extra(open, additional, names, path)), Node.literal("}"));
    }

    private Set<String> required(ObjectNode schema, String path) {
        Set<String> names = new LinkedHashSet<>();
        JsonNode required = schema.path("required");
        boolean fine = required.isMissingNode() || required.isArray();
        for (JsonNode name : required) {
            fine &= name.isTextual();
            names.add(name.asText());
        }
        if (!fine) {
            problems.wrong(path, "'required' is a list of names");
        }
        return names;
    }

    private Member member(String name, JsonNode schema, boolean required, String path) {
        Node value = compiler.compile(schema, path + "/properties/" + name);
        return new Member(Node.sequence(JsonGrammar.text(name), JsonGrammar.COLON, value), required);
    }

    private Optional<Node> extra(boolean open, JsonNode additional, Set<String> names, String path) {
        if (!open) {
            return Optional.empty();
        }
        Node value = additional.isMissingNode()
                ? JsonGrammar.VALUE
                : compiler.compile(additional, path + "/additionalProperties");
        return Optional.of(Node.sequence(otherName(names), JsonGrammar.COLON, value));
    }

    /** Any name but these; without escapes, which could spell one of them in another way. */
    private static Node otherName(Set<String> names) {
        if (names.isEmpty()) {
            return JsonGrammar.STRING;
        }
        return Node.sequence(JsonGrammar.QUOTE, otherThan(new ArrayList<>(names)), JsonGrammar.QUOTE);
    }

    private static Node otherThan(List<String> names) {
        TreeMap<Integer, List<String>> byFirst = new TreeMap<>();
        boolean emptyTaken = false;
        for (String name : names) {
            if (name.isEmpty()) {
                emptyTaken = true;
            } else {
                int first = name.codePointAt(0);
                byFirst.computeIfAbsent(first, ignored -> new ArrayList<>())
                        .add(name.substring(Character.charCount(first)));
            }
        }
        CodePoints others = JsonGrammar.PLAIN;
        List<Node> ways = new ArrayList<>();
        for (var entry : byFirst.entrySet()) {
            CodePoints first = CodePoints.range(entry.getKey(), entry.getKey());
            others = others.minus(first);
            if (!first.and(JsonGrammar.PLAIN).isEmpty()) {
                ways.add(Node.sequence(first.utf8(), otherThan(entry.getValue())));
            }
        }
        Node any = JsonGrammar.PLAIN.utf8();
        ways.add(Node.sequence(others.utf8(), Node.repeat(any, 0, Node.Repeat.UNBOUNDED)));
        if (!emptyTaken) {
            ways.add(Node.EMPTY);
        }
        return Node.choice(ways);
    }

    /**
     * Members with commas between them. Whoever comes first has no comma: one alternative for each member that may be
     * first, which is every one up to the first required one.
     */
    private static Node list(List<Member> members, Optional<Node> extra) {
        List<Node> later = new ArrayList<>();
        for (Member member : members) {
            Node withComma = Node.sequence(JsonGrammar.COMMA, member.grammar());
            later.add(member.required() ? withComma : Node.optional(withComma));
        }
        extra.ifPresent(e -> later.add(Node.repeat(Node.sequence(JsonGrammar.COMMA, e), 0, Node.Repeat.UNBOUNDED)));
        List<Node> ways = new ArrayList<>();
        boolean mayBeEmpty = true;
        for (int i = 0; i < members.size() && mayBeEmpty; i++) {
            List<Node> fromHere = new ArrayList<>();
            fromHere.add(members.get(i).grammar());
            fromHere.addAll(later.subList(i + 1, later.size()));
            ways.add(Node.sequence(fromHere));
            mayBeEmpty = !members.get(i).required();
        }
        if (mayBeEmpty) {
            extra.ifPresent(e -> ways.add(Node.sequence(e, later.getLast())));
            ways.add(Node.EMPTY);
        }
        return Node.choice(ways);
    }
}
