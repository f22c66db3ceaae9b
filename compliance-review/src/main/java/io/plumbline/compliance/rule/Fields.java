package io.plumbline.compliance.rule;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads one object of a rule file and notes every problem with its file and field instead of stopping at the first. */
final class Fields {
    private final String path;
    private final JsonNode node;
    private final List<String> problems;

    Fields(String path, JsonNode node, List<String> problems) {
        this.path = path;
        this.node = node;
        this.problems = problems;
        if (!node.isObject()) {
            problems.add(path + ": expected fields, found " + node.getNodeType());
        }
    }

    /** Notes fields that have no meaning here: a misspelt field must not be ignored. */
    void only(Set<String> names) {
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                problem(
                        name,
                        "unknown field; known are "
                                + String.join(", ", names.stream().sorted().toList()));
            }
        });
    }

    void problem(String field, String reason) {
        problems.add(path + "." + field + ": " + reason);
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    /** A required text. */
    String text(String field) {
        JsonNode value = node.path(field);
        if (!value.isValueNode() || value.isNull() || value.asText().isBlank()) {
            problem(field, "a text is required");
            return "";
        }
        return value.asText();
    }

    String text(String field, String otherwise) {
        return has(field) ? node.path(field).asText() : otherwise;
    }

    int number(String field, int least, int most) {
        JsonNode value = node.path(field);
        if (!value.isInt() || value.intValue() < least || value.intValue() > most) {
            problem(field, "a whole number from %d to %d is required".formatted(least, most));
            return least;
        }
        return value.intValue();
    }

    /** A list of texts; a single text is a list of one; absent is empty. */
    List<String> texts(String field) {
        JsonNode value = node.path(field);
        List<String> texts = new ArrayList<>();
        if (value.isValueNode() && !value.isNull()) {
            texts.add(value.asText());
        }
        for (JsonNode item : value) {
            if (!item.isValueNode() || item.asText().isBlank()) {
                problem(field, "holds something that is not a text");
            } else {
                texts.add(item.asText());
            }
        }
        return texts;
    }

    List<Fields> objects(String field) {
        List<Fields> objects = new ArrayList<>();
        int i = 0;
        for (JsonNode item : node.path(field)) {
            objects.add(new Fields("%s.%s[%d]".formatted(path, field, i++), item, problems));
        }
        return objects;
    }

    Fields object(String field) {
        return new Fields(path + "." + field, node.path(field), problems);
    }

    /** A named context that this object uses, reported under the same file. */
    Fields context(String name, JsonNode context) {
        return new Fields(path + ".exceptions(" + name + ")", context, problems);
    }

    Bilingual bilingual(String field) {
        if (!node.path(field).isObject()) {
            problem(field, "a text in zh and en is required");
            return new Bilingual("?", "?");
        }
        Fields inner = object(field);
        inner.only(Set.of("zh", "en"));
        String zh = inner.text("zh");
        String en = inner.text("en");
        return new Bilingual(zh.isBlank() ? "?" : zh, en.isBlank() ? "?" : en);
    }

    /** A value that a factory refuses becomes a problem. */
    <T> Optional<T> parsed(String field, String value, Function<String, T> factory) {
        try {
            return Optional.of(factory.apply(value));
        } catch (RuntimeException e) {
            problem(field, "'%s' is not valid: %s".formatted(value, e.getMessage()));
            return Optional.empty();
        }
    }
}
