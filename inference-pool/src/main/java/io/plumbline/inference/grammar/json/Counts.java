package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.inference.grammar.Node;

/**
 * How many characters or items.
 *
 * @param max or {@link Node.Repeat#UNBOUNDED}
 */
record Counts(int min, int max) {
    private static final int MOST = 100_000;

    static Counts of(JsonNode schema, String least, String most, String path, SchemaProblems problems) {
        int min = count(schema, least, 0, path, problems);
        int max = count(schema, most, Node.Repeat.UNBOUNDED, path, problems);
        if (max != Node.Repeat.UNBOUNDED && max < min) {
            problems.wrong(path, "'%s' is more than '%s'".formatted(least, most));
            return new Counts(0, Node.Repeat.UNBOUNDED);
        }
        return new Counts(min, max);
    }

    private static int count(JsonNode schema, String keyword, int otherwise, String path, SchemaProblems problems) {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isNumber()
                || value.doubleValue() != Math.rint(value.doubleValue())
                || value.doubleValue() < 0
                || value.doubleValue() > MOST) {
            problems.wrong(path, "'%s' is a whole number from 0 to %d".formatted(keyword, MOST));
            return otherwise;
        }
        return value.intValue();
    }
}
