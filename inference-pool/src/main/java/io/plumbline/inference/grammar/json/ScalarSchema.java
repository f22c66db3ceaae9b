package io.plumbline.inference.grammar.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.Node;
import io.plumbline.inference.grammar.regex.RegexParser;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Strings and numbers. */
final class ScalarSchema {
    /** Digits that a bound of a number may have before the point. */
    private static final int MOST_WHOLE_DIGITS = 20;

    /** And behind it. */
    private static final int MOST_FRACTION_DIGITS = 15;

    private final SchemaProblems problems;

    ScalarSchema(SchemaProblems problems) {
        this.problems = problems;
    }

    Node string(ObjectNode schema, String path) {
        List<String> ways = new ArrayList<>();
        if (schema.has("pattern")) {
            ways.add("'pattern'");
        }
        String format = schema.path("format").asText("");
        Optional<StringFormat> known = StringFormat.named(format);
        if (known.isPresent()) {
            ways.add("'format'");
        } else if (schema.has("format")) {
            problems.unenforced(
                    path, "the format '%s' is not supported; supported are %s".formatted(format, StringFormat.names()));
        }
        if (schema.has("minLength") || schema.has("maxLength")) {
            ways.add("'minLength' and 'maxLength'");
        }
        if (ways.size() > 1) {
            problems.unenforced(
                    path,
                    "%s cannot be enforced together; say it all in one 'pattern'"
                            .formatted(String.join(" with ", ways)));
        }
        return Node.sequence(JsonGrammar.QUOTE, inside(schema, known, path), JsonGrammar.QUOTE);
    }

    private Node inside(ObjectNode schema, Optional<StringFormat> format, String path) {
        if (schema.has("pattern")) {
            try {
                return RegexParser.anywhere(schema.get("pattern").asText(), JsonGrammar::spelled);
            } catch (InvalidGrammarException e) {
                problems.unenforced(path, e.getMessage());
            }
        }
        if (format.isPresent()) {
            return format.get().grammar();
        }
        Counts length = Counts.of(schema, "minLength", "maxLength", path, problems);
        return Node.repeat(JsonGrammar.CHARACTER, length.min(), length.max());
    }

    Node integer(ObjectNode schema, String path) {
        if (schema.has("multipleOf") && !wholeOnly(schema, path)) {
            problems.unenforced(path, "'multipleOf' is supported for 1 only");
        }
        return range(schema, path).integers();
    }

    Node number(ObjectNode schema, String path) {
        if (schema.has("multipleOf")) {
            if (wholeOnly(schema, path)) {
                return range(schema, path).integers();
            }
            problems.unenforced(path, "'multipleOf' is supported for 1 only");
        }
        NumberRange range = range(schema, path);
        return range.least() == null && range.most() == null ? JsonGrammar.NUMBER : range.decimals();
    }

    private boolean wholeOnly(ObjectNode schema, String path) {
        return decimal(schema, "multipleOf", path)
                .filter(factor -> factor.compareTo(BigDecimal.ONE) == 0)
                .isPresent();
    }

    private NumberRange range(ObjectNode schema, String path) {
        @Nullable BigDecimal least = decimal(schema, "minimum", path).orElse(null);
        @Nullable BigDecimal most = decimal(schema, "maximum", path).orElse(null);
        boolean leastExcluded = false;
        boolean mostExcluded = false;
        @Nullable BigDecimal above = decimal(schema, "exclusiveMinimum", path).orElse(null);
        if (above != null && (least == null || above.compareTo(least) >= 0)) {
            least = above;
            leastExcluded = true;
        }
        @Nullable BigDecimal below = decimal(schema, "exclusiveMaximum", path).orElse(null);
        if (below != null && (most == null || below.compareTo(most) <= 0)) {
            most = below;
            mostExcluded = true;
        }
        return new NumberRange(least, leastExcluded, most, mostExcluded);
    }

    private Optional<BigDecimal> decimal(ObjectNode schema, String keyword, String path) {
        JsonNode value = schema.path(keyword);
        if (value.isMissingNode()) {
            return Optional.empty();
        }
        if (!value.isNumber() || Double.isInfinite(value.doubleValue())) {
            problems.wrong(path, "'%s' is a number".formatted(keyword));
            return Optional.empty();
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        if (number.scale() > MOST_FRACTION_DIGITS || number.precision() - number.scale() > MOST_WHOLE_DIGITS) {
            problems.unenforced(
                    path,
                    "'%s' has more than %d digits before or %d behind the point"
                            .formatted(keyword, MOST_WHOLE_DIGITS, MOST_FRACTION_DIGITS));
            return Optional.empty();
        }
        return Optional.of(number);
    }
}
