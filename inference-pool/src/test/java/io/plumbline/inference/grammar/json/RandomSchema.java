package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Schemas with whatever is supported, in any combination. */
final class RandomSchema {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final List<String> NAMES =
            List.of("id", "name", "value", "na", "名", "a\"b", "back\\slash", "x y", "items", "é", "kind", "");
    private static final List<String> FORMATS =
            List.of("date", "time", "date-time", "duration", "uuid", "hostname", "ipv4", "ipv6");
    private static final List<String> PATTERNS = List.of(
            "^[A-Z]{2,4}-\\d+$",
            "^(yes|no)$",
            "x",
            "^\\w+( \\w+)?$",
            "^.{0,5}$",
            "\\u65e5$",
            "^[^\"]*\"\\\\?$",
            "^[\\n\\t ]+a");

    private final Random random;

    RandomSchema(long seed) {
        this.random = new Random(seed);
    }

    /** A document, with definitions that refer to themselves. */
    ObjectNode document() {
        ObjectNode node = JSON.objectNode().put("type", "object");
        node.putObject("properties").setAll(java.util.Map.of("value", schema(2), "next", reference("#/$defs/node")));
        node.putArray("required").add("value");
        ObjectNode document = schema(3);
        document.putObject("$defs").set("node", node);
        return document;
    }

    private static ObjectNode reference(String pointer) {
        return JSON.objectNode().put("$ref", pointer).put("description", "a reference");
    }

    private ObjectNode schema(int depth) {
        return switch (random.nextInt(depth > 0 ? 12 : 6)) {
            case 0 -> string();
            case 1, 2 -> number();
            case 3 -> JSON.objectNode().put("type", random.nextBoolean() ? "boolean" : "null");
            case 4 -> constants();
            case 5 -> depth == 0 ? string() : reference("#/$defs/node");
            case 6, 7, 8 -> object(depth);
            case 9, 10 -> array(depth);
            default -> union(depth);
        };
    }

    private ObjectNode string() {
        ObjectNode schema = JSON.objectNode().put("type", "string");
        switch (random.nextInt(4)) {
            case 0 -> schema.put("format", FORMATS.get(random.nextInt(FORMATS.size())));
            case 1 -> schema.put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
            case 2 -> {
                int least = random.nextInt(6);
                schema.put("minLength", least).put("maxLength", least + random.nextInt(40));
            }
            default -> schema.put("title", "any string");
        }
        return schema;
    }

    private ObjectNode number() {
        boolean whole = random.nextBoolean();
        ObjectNode schema = JSON.objectNode().put("type", whole ? "integer" : "number");
        double scale = Math.pow(10, random.nextInt(6));
        double least = round((random.nextDouble() - 0.5) * scale);
        double most = round(least + 1.5 + random.nextDouble() * scale);
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "minimum" : "exclusiveMinimum", least);
        }
        if (random.nextBoolean()) {
            schema.put(random.nextBoolean() ? "maximum" : "exclusiveMaximum", most);
        }
        return schema;
    }

    private double round(double value) {
        double unit = Math.pow(10, random.nextInt(4));
        return Math.rint(value * unit) / unit;
    }

    private ObjectNode constants() {
        ObjectNode schema = JSON.objectNode();
        if (random.nextBoolean()) {
            schema.put("const", "only \"this\" \n 日");
        } else {
            ObjectNode object = JSON.objectNode().put("a", 1);
            object.putArray("b").add(true).addNull();
            schema.putArray("enum")
                    .add("one")
                    .add(2)
                    .add(-2.5)
                    .add(true)
                    .addNull()
                    .add(object);
        }
        return schema;
    }

    private ObjectNode object(int depth) {
        ObjectNode schema = JSON.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JSON.arrayNode();
        List<String> names = new ArrayList<>(NAMES);
        java.util.Collections.shuffle(names, random);
        int count = random.nextInt(5);
        for (String name : names.subList(0, count)) {
            properties.set(name, schema(depth - 1));
            if (random.nextBoolean()) {
                required.add(name);
            }
        }
        schema.set("required", required);
        switch (random.nextInt(3)) {
            case 0 -> schema.put("additionalProperties", false);
            case 1 -> schema.set("additionalProperties", schema(0));
            default -> schema.put("description", "says nothing of others");
        }
        return schema;
    }

    private ObjectNode array(int depth) {
        ObjectNode schema = JSON.objectNode().put("type", "array");
        int prefix = random.nextInt(3);
        if (prefix > 0) {
            ArrayNode first = schema.putArray("prefixItems");
            for (int i = 0; i < prefix; i++) {
                first.add(schema(depth - 1));
            }
        }
        schema.set("items", schema(depth - 1));
        int least = random.nextInt(4);
        if (random.nextBoolean()) {
            schema.put("minItems", least);
        }
        if (random.nextBoolean()) {
            schema.put("maxItems", least + random.nextInt(4));
        }
        return schema;
    }

    private ObjectNode union(int depth) {
        ObjectNode schema = JSON.objectNode();
        if (random.nextBoolean()) {
            schema.putArray("anyOf").add(schema(depth - 1)).add(schema(depth - 1));
        } else {
            ArrayNode branches = schema.putArray("oneOf");
            for (String kind : List.of("circle", "square")) {
                ObjectNode branch = object(depth - 1);
                ((ObjectNode) branch.get("properties")).putObject("kind").put("const", kind);
                ((ArrayNode) branch.get("required")).removeAll().add("kind");
                branches.add(branch);
            }
        }
        return schema;
    }
}
