package io.plumbline.platform.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.toolcall.AnswerPart;
import io.plumbline.inference.toolcall.ToolCallReader;
import io.plumbline.platform.id.Ids;
import java.util.ArrayList;
import java.util.List;

/** Tells words and calls of tools apart in the released text of one choice: calls are screened as the text they are. */
final class CallsOfChoice {
    private final int choice;
    private final ToolCallReader reader = new ToolCallReader();

    CallsOfChoice(int choice) {
        this.choice = choice;
    }

    List<Piece> push(String text) {
        return pieces(reader.push(text));
    }

    List<Piece> finish() {
        return pieces(reader.finish());
    }

    /** Whether a call has begun. */
    boolean any() {
        return reader.calls() > 0;
    }

    /** Whether a whole text holds calls. */
    static boolean in(String text) {
        ToolCallReader reader = new ToolCallReader();
        reader.push(text);
        return reader.calls() > 0;
    }

    /** Puts the words and the calls of a whole text into a message, in OpenAI's form. */
    static void split(String text, ObjectNode message) {
        CallsOfChoice calls = new CallsOfChoice(0);
        List<Piece> pieces = new ArrayList<>(calls.push(text));
        pieces.addAll(calls.finish());
        StringBuilder words = new StringBuilder();
        ArrayNode listed = message.arrayNode();
        for (Piece piece : pieces) {
            switch (piece) {
                case Piece.Text said -> words.append(said.text());
                case Piece.ToolCall call -> {
                    ObjectNode entry = listed.addObject().put("id", call.id()).put("type", "function");
                    entry.putObject("function").put("name", call.name()).put("arguments", "");
                }
                case Piece.Arguments more -> {
                    ObjectNode function = (ObjectNode) listed.get(more.index()).get("function");
                    function.put("arguments", function.get("arguments").textValue() + more.text());
                }
                case Piece.End ignored -> throw new IllegalStateException("a text has no end of its own");
            }
        }
        message.put("content", words.isEmpty() && !listed.isEmpty() ? null : words.toString());
        if (!listed.isEmpty()) {
            message.set("tool_calls", listed);
        }
    }

    private List<Piece> pieces(List<AnswerPart> parts) {
        return parts.stream().map(this::piece).toList();
    }

    private Piece piece(AnswerPart part) {
        return switch (part) {
            case AnswerPart.Words(String text) -> new Piece.Text(choice, text, List.of());
            case AnswerPart.CallBegins(int index, String name) ->
                new Piece.ToolCall(choice, index, Ids.create("call_"), name);
            case AnswerPart.Arguments(int index, String text) -> new Piece.Arguments(choice, index, text);
        };
    }
}
