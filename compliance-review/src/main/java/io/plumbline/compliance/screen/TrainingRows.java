package io.plumbline.compliance.screen;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.compliance.rule.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Stage D: screens the rows of a data set before they are stored or trained on. */
public final class TrainingRows {
    /**
     * One row's outcome.
     *
     * @param line of the file, from 1
     * @param outcomes one per message or text field of the row, in order; the row is unusable if any is withheld
     */
    public record RowVerdict(int line, List<Screened> outcomes) {
        public RowVerdict {
            outcomes = List.copyOf(outcomes);
        }

        /** Whether the row must not be trained on. */
        public boolean blocked() {
            return outcomes.stream().anyMatch(Screened::withheld);
        }

        /** The verdicts of all parts of the row. */
        public List<Verdict> verdicts() {
            return outcomes.stream()
                    .flatMap(outcome -> outcome.verdicts().stream())
                    .toList();
        }
    }

    private final Screener screener;
    private final ScreenContext source;

    /**
     * @param source tenant and packs, with the manifest of the source as metadata: {@code licence}, {@code authorisation} or
     *     {@code consent_record}, {@code licence_valid_until}, {@code consent_id}
     */
    public TrainingRows(Screener screener, ScreenContext source) {
        this.screener = screener;
        this.source = source;
    }

    /**
     * Screens one row. Members of the row, or of its {@code metadata} object, add to the manifest of the source: {@code
     * consent_id}, {@code annotator}, {@code reviewer}, {@code linked_accounts}. A row cannot declare the licence of its
     * source.
     *
     * @param line of the file, from 1
     * @param row an object with {@code messages}, or with text members such as {@code prompt}, {@code completion}, {@code text}
     */
    public RowVerdict screen(int line, JsonNode row) {
        Map<String, String> facts = metadata(row);
        facts.keySet().retainAll(List.of("consent_id", "annotator", "reviewer", "linked_accounts"));
        ScreenContext context = source.with(facts);
        List<String> texts = messages(row);
        List<Screened> outcomes = new ArrayList<>();
        for (String text : texts.isEmpty() ? List.of("") : texts) {
            outcomes.add(screener.screen(context, Stage.DATA, text));
        }
        return new RowVerdict(line, outcomes);
    }

    /** The contents of {@code messages}, or else of the row's text members. */
    static List<String> messages(JsonNode row) {
        List<String> texts = new ArrayList<>();
        for (String list : List.of("messages", "chosen", "rejected")) {
            for (JsonNode message : row.path(list)) {
                collect(message.path("content"), texts);
            }
        }
        for (String name : List.of("input", "prompt", "instruction", "completion", "output", "response", "text")) {
            collect(row.path(name), texts);
        }
        return texts;
    }

    private static void collect(JsonNode content, List<String> texts) {
        if (content.isTextual()) {
            texts.add(content.asText());
        }
        if (content.isArray()) {
            content.forEach(part -> collect(part.path("text"), texts));
        }
        if (content.isObject()) {
            content.path("messages").forEach(message -> collect(message.path("content"), texts));
        }
    }

    /** Short text members of a row and of its {@code metadata} object. */
    static Map<String, String> metadata(JsonNode row) {
        Map<String, String> facts = new LinkedHashMap<>();
        for (JsonNode object : List.of(row, row.path("metadata"))) {
            object.properties().forEach(member -> {
                boolean content = List.of(
                                "text",
                                "dialogue",
                                "prompt",
                                "completion",
                                "input",
                                "output",
                                "instruction",
                                "response")
                        .contains(member.getKey());
                if (member.getValue().isValueNode() && !member.getValue().isNull() && !content) {
                    facts.put(member.getKey(), member.getValue().asText());
                }
            });
        }
        return facts;
    }
}
