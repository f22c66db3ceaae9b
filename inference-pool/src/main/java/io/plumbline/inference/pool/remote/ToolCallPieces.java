package io.plumbline.inference.pool.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.toolcall.ToolCallFormat;
import java.util.Map;
import java.util.TreeMap;

/** Collects the streamed pieces of tool calls, and writes them as every engine of the pool does: as text. */
final class ToolCallPieces {
    /** One call; the arguments arrive bit by bit. */
    private record Call(StringBuilder name, StringBuilder arguments) {}

    private final Map<Integer, Call> calls = new TreeMap<>();

    /** @param pieces {@code delta.tool_calls} */
    void add(JsonNode pieces) {
        for (JsonNode piece : pieces) {
            Call call = calls.computeIfAbsent(
                    piece.path("index").asInt(), index -> new Call(new StringBuilder(), new StringBuilder()));
            call.name().append(piece.path("function").path("name").asText(""));
            call.arguments().append(piece.path("function").path("arguments").asText(""));
        }
    }

    /**
     * All calls.
     *
     * @param afterText whether text came before
     */
    String written(boolean afterText) {
        StringBuilder text = new StringBuilder();
        for (Call call : calls.values()) {
            text.append(text.isEmpty() && !afterText ? "" : "\n");
            String arguments =
                    call.arguments().isEmpty() ? "{}" : call.arguments().toString();
            text.append(ToolCallFormat.written(call.name().toString(), arguments));
        }
        return text.toString();
    }
}
