package io.plumbline.inference.toolcall;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.grammar.ByteSet;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.Node;
import io.plumbline.inference.grammar.json.JsonSchemaGrammar;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolFunction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Answers that call functions, or may. */
public final class ToolCallGrammar {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String CALLS = "calls";
    private static final String ANY_OBJECT = "{\"type\": \"object\"}";

    private final Map<String, Node> rules = new HashMap<>();

    private ToolCallGrammar() {}

    /**
     * The grammar of the answers.
     *
     * @throws InvalidGrammarException if the parameters of a function cannot be guaranteed
     */
    public static Grammar of(OutputConstraint.ToolCalls constraint) {
        return new ToolCallGrammar().build(constraint);
    }

    private Grammar build(OutputConstraint.ToolCalls constraint) {
        List<Node> calls = new ArrayList<>();
        for (int i = 0; i < constraint.tools().size(); i++) {
            calls.add(call(constraint.tools().get(i), "tool%d:".formatted(i)));
        }
        Node call = Node.choice(calls);
        Node more = Node.repeat(
                Node.sequence(Node.literal(ToolCallFormat.BETWEEN + ToolCallFormat.MARKER), call),
                0,
                Node.Repeat.UNBOUNDED);
        // A call is a rule without its marker, so that plain text can go over into one at the marker's last byte.
        rules.put(CALLS, constraint.several() ? Node.sequence(call, more) : call);
        Node root =
                switch (constraint.use()) {
                    case REQUIRED -> Node.sequence(Node.literal(ToolCallFormat.MARKER), Node.reference(CALLS));
                    case AUTO -> textThenCalls();
                };
        return new Grammar(root, rules);
    }

    private Node call(ToolFunction tool, String prefix) {
        String parameters = tool.parameters().isEmpty() ? ANY_OBJECT : tool.parameters();
        Node arguments;
        try {
            JsonNode schema = JSON.readTree(parameters);
            arguments = JsonSchemaGrammar.addTo(rules, prefix, schema, tool.strict());
        } catch (JsonProcessingException | InvalidGrammarException e) {
            throw new InvalidGrammarException("Function '%s': %s".formatted(tool.name(), e.getMessage()));
        }
        String frame = ToolCallFormat.BEFORE_NAME.substring(ToolCallFormat.MARKER.length());
        return Node.sequence(
                Node.literal(frame + tool.name() + ToolCallFormat.BEFORE_ARGUMENTS),
                arguments,
                Node.literal(ToolCallFormat.END));
    }

    /**
     * Any text up to the first marker, and calls from there on. One rule for each length of the beginning of the marker that
     * the text may end with (Knuth, Morris and Pratt, 1977).
     */
    private Node textThenCalls() {
        byte[] marker = ToolCallFormat.MARKER.getBytes(StandardCharsets.US_ASCII);
        for (int matched = 0; matched < marker.length; matched++) {
            TreeMap<Integer, ByteSet> byLength = new TreeMap<>();
            for (int b = 0; b < 256; b++) {
                byLength.merge(after(marker, matched, b), ByteSet.range(b, b), ByteSet::or);
            }
            List<Node> ways = new ArrayList<>(List.of(Node.EMPTY));
            byLength.forEach((length, bytes) ->
                    ways.add(Node.sequence(bytes, Node.reference(length == marker.length ? CALLS : text(length)))));
            rules.put(text(matched), Node.choice(ways));
        }
        return Node.reference(text(0));
    }

    private static String text(int matched) {
        return "text:" + matched;
    }

    /** Length of the longest beginning of the marker with which the text ends after one more byte. */
    private static int after(byte[] marker, int matched, int b) {
        String text = new String(marker, 0, matched, StandardCharsets.ISO_8859_1) + (char) b;
        String whole = new String(marker, StandardCharsets.ISO_8859_1);
        for (int length = Math.min(text.length(), whole.length()); length > 0; length--) {
            if (text.endsWith(whole.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }
}
