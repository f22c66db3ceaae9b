package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.grammar.ByteSet;
import io.plumbline.inference.grammar.CodePoints;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The grammar of JSON (RFC 8259) in one fixed style: no white space but one space, which may be left out, after a comma and
 * after a colon. A model can so write what it is used to, and cannot fill an answer with blanks. Numbers have at most 18
 * digits before and 17 behind the point and two in the exponent, so that every reader of JSON gets them right.
 */
public final class JsonGrammar {
    static final ByteSet DIGIT = ByteSet.range('0', '9');
    static final Node COMMA = Node.sequence(Node.literal(","), Node.optional(Node.literal(" ")));
    static final Node COLON = Node.sequence(Node.literal(":"), Node.optional(Node.literal(" ")));
    static final Node QUOTE = Node.literal("\"");

    private static final String VALUE_RULE = "json:value";
    private static final String OBJECT_RULE = "json:object";
    private static final String ARRAY_RULE = "json:array";
    private static final String CHARACTER_RULE = "json:character";
    private static final String NUMBER_RULE = "json:number";

    /** Any value. */
    static final Node VALUE = Node.reference(VALUE_RULE);

    /** Any object. */
    static final Node OBJECT = Node.reference(OBJECT_RULE);

    /** Any array. */
    static final Node ARRAY = Node.reference(ARRAY_RULE);

    /** One character within a string, as it is or escaped. */
    static final Node CHARACTER = Node.reference(CHARACTER_RULE);

    /** Any string. */
    static final Node STRING = Node.sequence(QUOTE, Node.repeat(CHARACTER, 0, Node.Repeat.UNBOUNDED), QUOTE);

    /** Any number. */
    static final Node NUMBER = Node.reference(NUMBER_RULE);

    static final Node NULL = Node.literal("null");
    static final Node BOOLEAN = Node.choice(Node.literal("true"), Node.literal("false"));

    /** Characters that stand for themselves in a string. */
    static final CodePoints PLAIN =
            CodePoints.range(0, 0x1F).or(CodePoints.of("\"\\")).complement();

    private static final ByteSet HEX = DIGIT.or(ByteSet.range('a', 'f')).or(ByteSet.range('A', 'F'));

    private JsonGrammar() {}

    /** Any JSON object: JSON mode. */
    public static Grammar anyObject() {
        return new Grammar(OBJECT, rules());
    }

    /** The rules that the nodes of this class refer to. */
    static Map<String, Node> rules() {
        Node member = Node.sequence(STRING, COLON, VALUE);
        return Map.of(
                VALUE_RULE, Node.choice(OBJECT, ARRAY, STRING, NUMBER, BOOLEAN, NULL),
                OBJECT_RULE, Node.sequence(Node.literal("{"), Node.optional(list(member)), Node.literal("}")),
                ARRAY_RULE, Node.sequence(Node.literal("["), Node.optional(list(VALUE)), Node.literal("]")),
                CHARACTER_RULE, character(),
                NUMBER_RULE, number());
    }

    private static Node list(Node item) {
        return Node.sequence(item, Node.repeat(Node.sequence(COMMA, item), 0, Node.Repeat.UNBOUNDED));
    }

    private static Node character() {
        ByteSet d = ByteSet.of("dD");
        Node notSurrogate = Node.choice(
                Node.sequence(minus(HEX, d), HEX, HEX, HEX), Node.sequence(d, ByteSet.range('0', '7'), HEX, HEX));
        Node pair = Node.sequence(
                d, ByteSet.of("89abAB"), HEX, HEX, Node.literal("\\u"), d, ByteSet.of("cdefCDEF"), HEX, HEX);
        Node unicode = Node.sequence(Node.literal("u"), Node.choice(notSurrogate, pair));
        Node escape = Node.sequence(Node.literal("\\"), Node.choice(ByteSet.of("\"\\/bfnrt"), unicode));
        return Node.choice(PLAIN.utf8(), escape);
    }

    private static ByteSet minus(ByteSet a, ByteSet b) {
        return a.complement().or(b).complement();
    }

    private static Node number() {
        Node whole = Node.choice(Node.literal("0"), Node.sequence(ByteSet.range('1', '9'), Node.repeat(DIGIT, 0, 17)));
        Node fraction = Node.sequence(Node.literal("."), Node.repeat(DIGIT, 1, 17));
        Node exponent = Node.sequence(ByteSet.of("eE"), Node.optional(ByteSet.of("+-")), Node.repeat(DIGIT, 1, 2));
        return Node.sequence(Node.optional(Node.literal("-")), whole, Node.optional(fraction), Node.optional(exponent));
    }

    /** One of these characters within a string: as it is, or escaped where it must be. */
    static Node spelled(CodePoints characters) {
        List<Node> ways = new ArrayList<>();
        CodePoints plain = characters.and(PLAIN);
        if (!plain.isEmpty()) {
            ways.add(plain.utf8());
        }
        for (int c = 0; c <= '\\'; c++) {
            if (characters.contains(c) && !PLAIN.contains(c)) {
                ways.add(Node.literal(escaped(c)));
            }
        }
        return Node.choice(ways);
    }

    private static String escaped(int c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted(c);
        };
    }

    /** Exactly this value, in the fixed style. */
    static Node literal(JsonNode value) {
        if (value.isObject()) {
            List<Node> items = new ArrayList<>(List.of(Node.literal("{")));
            value.properties().forEach(member -> {
                items.addAll(items.size() > 1 ? List.of(COMMA) : List.of());
                items.add(Node.sequence(text(member.getKey()), COLON, literal(member.getValue())));
            });
            items.add(Node.literal("}"));
            return Node.sequence(items);
        }
        if (value.isArray()) {
            List<Node> items = new ArrayList<>(List.of(Node.literal("[")));
            for (JsonNode item : value) {
                items.addAll(items.size() > 1 ? List.of(COMMA) : List.of());
                items.add(literal(item));
            }
            items.add(Node.literal("]"));
            return Node.sequence(items);
        }
        return value.isTextual() ? text(value.textValue()) : Node.literal(value.toString());
    }

    /** Exactly this text as a string. */
    static Node text(String text) {
        StringBuilder spelled = new StringBuilder("\"");
        text.codePoints().forEach(c -> {
            if (Character.getType(c) == Character.SURROGATE) {
                spelled.append("\\u%04x".formatted(c));
            } else if (PLAIN.contains(c)) {
                spelled.appendCodePoint(c);
            } else {
                spelled.append(escaped(c));
            }
        });
        return Node.literal(spelled.append('"').toString());
    }
}
