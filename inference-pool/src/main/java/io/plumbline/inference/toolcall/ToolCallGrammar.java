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
    private final ToolCallForm form;

    private ToolCallGrammar(ToolCallForm form) {
        this.form = form;
    }

    /**
     * The grammar of the answers.
     *
     * @param form how the model writes calls
     * @throws InvalidGrammarException if the parameters of a function cannot be guaranteed
     */
    public static Grammar of(OutputConstraint.ToolCalls constraint, ToolCallForm form) {
        return new ToolCallGrammar(form).build(constraint);
    }

    private Grammar build(OutputConstraint.ToolCalls constraint) {
        List<Node> calls = new ArrayList<>();
        for (int i = 0; i < constraint.tools().size(); i++) {
            calls.add(call(constraint.tools().get(i), "tool%d:".formatted(i)));
        }
        Node call = Node.choice(calls);
        List<Node> all = new ArrayList<>();
        // A rule without the marker, so that plain text can go over into it at the marker's last byte.
        all.add(Node.literal(form.open().substring(form.marker().length())));
        all.add(call);
        if (constraint.several() && form.between().isPresent()) {
            Node another = Node.sequence(Node.literal(form.between().get()), call);
            all.add(Node.repeat(another, 0, Node.Repeat.UNBOUNDED));
        }
        all.add(Node.literal(form.end()));
        rules.put(CALLS, Node.sequence(all));
        Node root =
                switch (constraint.use()) {
                    case REQUIRED -> Node.sequence(Node.literal(form.marker()), Node.reference(CALLS));
                    case AUTO -> textThenCalls();
                };
        return new Grammar(root, rules);
    }

    private Node call(ToolFunction tool, String prefix) {
        String parameters = tool.parameters().isEmpty() ? ANY_OBJECT : tool.parameters();
        try {
            JsonNode schema = JSON.readTree(parameters);
            Node arguments = JsonSchemaGrammar.addTo(rules, prefix, schema, tool.strict());
            return Node.sequence(Node.literal(tool.name() + form.beforeArguments()), arguments);
        } catch (JsonProcessingException | InvalidGrammarException e) {
            throw new InvalidGrammarException("Function '%s': %s".formatted(tool.name(), e.getMessage()));
        }
    }

    /**
     * Any text up to the first marker, and calls from there on. One rule for each length of the beginning of the marker that
     * the text may end with (Knuth, Morris and Pratt, 1977). A form without a tag has its calls at the beginning alone: a
     * text that goes on otherwise stays text.
     */
    private Node textThenCalls() {
        byte[] marker = form.marker().getBytes(StandardCharsets.UTF_8);
        Node anyText = Node.repeat(ByteSet.range(0, 255), 0, Node.Repeat.UNBOUNDED);
        for (int matched = 0; matched < marker.length; matched++) {
            TreeMap<Integer, ByteSet> byLength = new TreeMap<>();
            for (int b = 0; b < 256; b++) {
                byLength.merge(after(marker, matched, b), ByteSet.range(b, b), ByteSet::or);
            }
            List<Node> ways = new ArrayList<>(List.of(Node.EMPTY));
            byLength.forEach(
                    (length, bytes) -> ways.add(Node.sequence(bytes, afterMatching(length, marker.length, anyText))));
            rules.put(text(matched), Node.choice(ways));
        }
        return Node.reference(text(0));
    }

    private Node afterMatching(int length, int whole, Node anyText) {
        if (length == whole) {
            return Node.reference(CALLS);
        }
        return length == 0 && !form.tagged() ? anyText : Node.reference(text(length));
    }

    private static String text(int matched) {
        return "text:" + matched;
    }

    /** Length of the longest beginning of the marker with which the text ends after one more byte. */
    private int after(byte[] marker, int matched, int b) {
        if (!form.tagged()) {
            return (marker[matched] & 0xFF) == b ? matched + 1 : 0;
        }
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
