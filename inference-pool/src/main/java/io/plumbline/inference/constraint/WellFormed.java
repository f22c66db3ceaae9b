package io.plumbline.inference.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.toolcall.AnswerPart;
import io.plumbline.inference.toolcall.ToolCallReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Whether a text can be read as JSON at all, where its grammar is no measure. */
final class WellFormed {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private WellFormed() {}

    /** Whether a text is JSON as a whole. */
    static boolean holds(String json) {
        return misfit(json, 0, json.length(), false).isEmpty();
    }

    /** @param constraint one whose texts are JSON, or hold JSON */
    static Optional<Misfit> misfit(OutputConstraint constraint, String text) {
        if (!(constraint instanceof OutputConstraint.ToolCalls)) {
            return misfit(text, 0, text.length(), constraint instanceof OutputConstraint.JsonObject);
        }
        int from = 0;
        for (String arguments : argumentsOfCalls(text)) {
            int at = text.indexOf(arguments, from);
            Optional<Misfit> found = misfit(text, at, at + arguments.length(), true);
            if (found.isPresent()) {
                return found;
            }
            from = at + arguments.length();
        }
        return Optional.empty();
    }

    private static List<String> argumentsOfCalls(String text) {
        ToolCallReader reader = new ToolCallReader();
        List<AnswerPart> parts = new ArrayList<>(reader.push(text));
        parts.addAll(reader.finish());
        Map<Integer, String> byCall = new TreeMap<>();
        for (AnswerPart part : parts) {
            if (part instanceof AnswerPart.Arguments(int call, String piece)) {
                byCall.merge(call, piece, String::concat);
            }
        }
        return List.copyOf(byCall.values());
    }

    private static Optional<Misfit> misfit(String text, int start, int end, boolean object) {
        String json = text.substring(start, end);
        try {
            JsonNode value = JSON.readTree(json);
            if (value.isMissingNode()) {
                return Optional.of(Misfit.at(Misfit.Kind.UNFINISHED, text, end, List.of()));
            }
            return object && !value.isObject()
                    ? Optional.of(Misfit.at(Misfit.Kind.UNEXPECTED, text, start, List.of("{")))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            int at = e.getLocation() == null
                    ? 0
                    : (int) Math.clamp(e.getLocation().getCharOffset(), 0, json.length());
            Misfit.Kind kind = at >= json.length() ? Misfit.Kind.UNFINISHED : Misfit.Kind.UNEXPECTED;
            return Optional.of(Misfit.at(kind, text, start + at, List.of()));
        }
    }
}
