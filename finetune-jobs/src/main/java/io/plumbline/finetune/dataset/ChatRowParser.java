package io.plumbline.finetune.dataset;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.plumbline.finetune.dataset.ValidationReport.Problem;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Turns the text of one line into a row, or into everything that is wrong with it. */
final class ChatRowParser {
    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build());

    RowResult parse(int line, String text) {
        try (JsonParser parser = json.createParser(text)) {
            return parse(line, parser);
        } catch (IOException e) {
            throw new IllegalStateException("reading a string from memory cannot fail", e);
        }
    }

    private RowResult parse(int line, JsonParser parser) throws IOException {
        JsonNode root;
        try {
            root = json.readTree(parser);
            if (parser.nextToken() != null) {
                return broken(
                        line,
                        "",
                        "something follows the JSON object at column %d; expected one object a line"
                                .formatted(parser.currentTokenLocation().getColumnNr()));
            }
        } catch (JsonProcessingException e) {
            return broken(line, fieldOf(parser), syntax(e));
        }
        if (!root.isObject()) {
            return broken(
                    line,
                    "",
                    "expected a JSON object such as {\"messages\": […]} on each line (JSON Lines), found %s"
                            .formatted(kind(root)));
        }
        return new ChatRowCheck(line).check(root);
    }

    private static String syntax(JsonProcessingException e) {
        long column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
        if (e instanceof JsonEOFException) {
            return "the JSON is cut off at column %d; expected a complete object on one line".formatted(column);
        }
        String message = e.getOriginalMessage();
        if (message.startsWith("Duplicate field")) {
            return "the key appears twice (column %d); expected each key once".formatted(column);
        }
        // The parser appends its own notion of the source to some messages, which means nothing to a reader.
        String first = message.replaceFirst("(?s) ?\\([^()]*\\[Source.*|\\R.*", "");
        return "broken JSON at column %d: %s".formatted(column, first);
    }

    /** The parser's position as {@code messages[1].content}. */
    private static String fieldOf(JsonParser parser) {
        String pointer = parser.getParsingContext().pathAsPointer().toString();
        var path = new StringBuilder();
        for (String part : pointer.split("/", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            if (part.chars().allMatch(Character::isDigit)) {
                path.append('[').append(part).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(part);
            }
        }
        return path.toString();
    }

    static RowResult broken(int line, String field, String reason) {
        return new RowResult.Broken(List.of(new Problem(line, field, reason)));
    }

    /** "a number", "null" and so on, for messages. */
    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NULL -> "null";
            case MISSING -> "nothing";
            case NUMBER, BOOLEAN, BINARY, POJO -> "a " + name(node.getNodeType());
        };
    }

    private static String name(JsonNodeType type) {
        return type.name().toLowerCase(Locale.ROOT);
    }
}
