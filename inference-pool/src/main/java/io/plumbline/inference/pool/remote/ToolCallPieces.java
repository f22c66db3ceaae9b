package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.toolcall.ToolCallFormat;
import java.util.regex.Pattern;

/**
 * Writes the streamed pieces of tool calls as every engine of the pool does, as text, while they come: what has arrived of
 * a call's arguments is passed on at once.
 *
 * <p>Servers send one call after another. More of a call that is over, or a nameless one, makes a broken answer.
 */
final class ToolCallPieces {
    private static final int NONE = -1;
    private static final String NO_ARGUMENTS = "{}";
    /** None of these can stand in a name: the frame around it is read back by its quotes. */
    private static final Pattern UNWRITABLE = Pattern.compile("[\"\\\\\\p{Cntrl}]");

    /** A call that cannot be written. */
    static final class Unwritable extends Exception {
        private static final long serialVersionUID = 1L;

        Unwritable(String what) {
            super(what);
        }
    }

    private enum State {
        BETWEEN_CALLS,
        NAME,
        ARGUMENTS
    }

    private State state = State.BETWEEN_CALLS;
    private int current = NONE;
    private String id = "";
    private final StringBuilder name = new StringBuilder();

    /**
     * Takes what came.
     *
     * @param pieces {@code delta.tool_calls}
     * @param afterText whether text of the answer came before
     * @return the text to pass on; empty if nothing is certain yet
     */
    String add(JsonNode pieces, boolean afterText) throws Unwritable {
        StringBuilder text = new StringBuilder();
        for (JsonNode piece : pieces) {
            int index = indexOf(piece);
            if (index > current) {
                text.append(close());
                text.append(current > NONE || afterText ? ToolCallFormat.BETWEEN : "");
                begin(index, piece);
            } else if (index < current || state == State.BETWEEN_CALLS) {
                throw new Unwritable("more of tool call %d after it was over".formatted(index));
            }
            take(piece.path("function"), text);
        }
        return text.toString();
    }

    /** Whether a call has begun. */
    boolean any() {
        return current != NONE;
    }

    /** Ends the call that is under way, if there is one; returns the text that does so. */
    String close() throws Unwritable {
        String end =
                switch (state) {
                    case BETWEEN_CALLS -> "";
                    case NAME -> beginning() + NO_ARGUMENTS + ToolCallFormat.END;
                    case ARGUMENTS -> ToolCallFormat.END;
                };
        state = State.BETWEEN_CALLS;
        return end;
    }

    /** Breaks the call off that is under way, if there is one: the answer was cut short in it. */
    String breakOff() throws Unwritable {
        String end = state == State.NAME ? beginning() : "";
        state = State.BETWEEN_CALLS;
        return end;
    }

    private void begin(int index, JsonNode piece) {
        state = State.NAME;
        current = index;
        id = piece.path("id").asText("");
        name.setLength(0);
    }

    private void take(JsonNode function, StringBuilder text) throws Unwritable {
        if (state == State.NAME) {
            name.append(function.path("name").asText(""));
        }
        String arguments = arguments(function.path("arguments"));
        if (arguments.isEmpty()) {
            return;
        }
        if (state == State.NAME) {
            text.append(beginning());
            state = State.ARGUMENTS;
        }
        text.append(arguments);
    }

    private String beginning() throws Unwritable {
        if (name.isEmpty() || UNWRITABLE.matcher(name).find()) {
            throw new Unwritable("a tool call without a usable name");
        }
        return ToolCallFormat.beginning(name.toString());
    }

    /** Text as OpenAI has it; some servers send the object itself. */
    private static String arguments(JsonNode arguments) {
        return arguments.isObject() ? arguments.toString() : arguments.asText("");
    }

    /** Servers that leave the index out begin a call with an id. */
    private int indexOf(JsonNode piece) {
        if (piece.path("index").isInt()) {
            return piece.path("index").asInt();
        }
        String given = piece.path("id").asText("");
        boolean another = current == NONE || !given.isEmpty() && !given.equals(id);
        return another ? current + 1 : current;
    }
}
