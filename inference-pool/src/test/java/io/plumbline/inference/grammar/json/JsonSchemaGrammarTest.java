package io.plumbline.inference.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.Grammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.RandomAnswer;
import io.plumbline.inference.grammar.TestVocabularies;
import io.plumbline.inference.grammar.TokenVocabulary;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a model that knows nothing is allowed to say satisfies the schema, as a validator of others judges. */
class JsonSchemaGrammarTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private static final SchemaValidatorsConfig CONFIG =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

    private final TokenVocabulary vocabulary = TestVocabularies.small();

    @Test
    void answersOfRandomSchemasAreValid() throws JsonProcessingException {
        int finished = 0;
        int asked = 0;
        int impossible = 0;
        for (int seed = 0; seed < 400; seed++) {
            JsonNode schema = new RandomSchema(seed).document();
            Optional<CompiledGrammar> possible = compileIfPossible(schema, vocabulary);
            if (possible.isEmpty()) {
                impossible++;
                continue;
            }
            CompiledGrammar grammar = possible.get();
            Random random = new Random(seed);
            for (int i = 0; i < 5; i++) {
                asked++;
                Optional<String> answer = RandomAnswer.of(grammar, random);
                if (answer.isPresent()) {
                    finished++;
                    check(schema, answer.get());
                }
            }
        }
        assertThat(finished).as("finished of %d", asked).isGreaterThan(asked * 9 / 10);
        assertThat(impossible).as("contradictory schemas").isLessThan(20);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void answersInALargerVocabularyAreValid(int seed) throws JsonProcessingException {
        Random random = new Random(seed);
        TokenVocabulary large = TestVocabularies.random(3000, random);
        for (int i = 0; i < 40; i++) {
            JsonNode schema = new RandomSchema(1000L * seed + i).document();
            Optional<String> answer =
                    compileIfPossible(schema, large).flatMap(grammar -> RandomAnswer.of(grammar, random));
            if (answer.isPresent()) {
                check(schema, answer.get());
            }
        }
    }

    @Test
    void jsonModeIsAnyObject() throws JsonProcessingException {
        CompiledGrammar grammar = new CompiledGrammar(JsonGrammar.anyObject(), vocabulary, GrammarLimits.defaults());
        Random random = new Random(5);
        int deep = 0;
        for (int i = 0; i < 200; i++) {
            Optional<String> answer = RandomAnswer.of(grammar, random);
            if (answer.isPresent()) {
                assertThat(JSON.readTree(answer.get()).isObject()).isTrue();
                deep += answer.get().contains("[{") ? 1 : 0;
            }
        }
        assertThat(deep).as("nested answers").isPositive();
    }

    @Test
    void propertiesComeInTheOrderOfTheSchema() throws JsonProcessingException {
        JsonNode schema = JSON.readTree("""
                {"type": "object", "required": ["z", "m"], "properties": {
                  "z": {"const": 1}, "b": {"const": 2}, "m": {"const": 3}, "a": {"const": 4}}}
                """);
        Set<String> answers = new java.util.TreeSet<>();
        Random random = new Random(6);
        CompiledGrammar grammar = compile(schema);
        for (int i = 0; i < 300; i++) {
            answers.add(RandomAnswer.of(grammar, random).orElseThrow().replace(" ", ""));
        }
        assertThat(answers)
                .containsExactly(
                        "{\"z\":1,\"b\":2,\"m\":3,\"a\":4}",
                        "{\"z\":1,\"b\":2,\"m\":3}",
                        "{\"z\":1,\"m\":3,\"a\":4}",
                        "{\"z\":1,\"m\":3}");
    }

    @Test
    void anExtraPropertyIsNoneOfTheDeclaredOnes() throws JsonProcessingException {
        JsonNode schema = JSON.readTree("""
                {"type": "object", "properties": {"a": {"type": "integer"}, "ab": {"type": "integer"}},
                 "additionalProperties": {"const": "extra"}}
                """);
        CompiledGrammar grammar = compile(schema);
        Random random = new Random(7);
        int extras = 0;
        for (int i = 0; i < 300; i++) {
            String answer = RandomAnswer.of(grammar, random).orElseThrow();
            check(schema, answer);
            extras += answer.contains("extra") ? 1 : 0;
        }
        assertThat(extras).isGreaterThan(30);
    }

    /** Every number between two bounds that a person would try, and none outside. */
    @Test
    void boundsOfNumbersAreExact() throws JsonProcessingException {
        Random random = new Random(8);
        List<String> keywords = List.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
        for (int i = 0; i < 300; i++) {
            var schema = JSON.createObjectNode().put("type", random.nextBoolean() ? "integer" : "number");
            double least = (random.nextInt(4001) - 2000) / Math.pow(10, random.nextInt(4));
            double most = least + random.nextInt(300) / Math.pow(10, random.nextInt(3)) + 1;
            schema.put(keywords.get(random.nextInt(2) * 2), rounded(least, 4));
            schema.put(keywords.get(random.nextInt(2) * 2 + 1), rounded(most, 4));
            Accepted accepted = new Accepted(JsonSchemaGrammar.of(schema, true));
            for (int j = 0; j < 60; j++) {
                String number = number(random, least, most);
                boolean valid = errors(schema, number).isEmpty() && !number.matches("-0(\\.0+)?");
                boolean spelled = schema.get("type").asText().equals("number") || !number.contains(".");
                assertThat(accepted.whole(number))
                        .as("%s in %s", number, schema)
                        .isEqualTo(valid && spelled);
            }
        }
    }

    private static String number(Random random, double least, double most) {
        double value =
                switch (random.nextInt(4)) {
                    case 0 -> least + random.nextInt(3) / 1000.0;
                    case 1 -> most - random.nextInt(3) / 1000.0;
                    case 2 -> least - random.nextDouble() * 5;
                    default -> least + random.nextDouble() * (most - least) * 1.1;
                };
        return rounded(value, random.nextInt(4)).toPlainString();
    }

    private static BigDecimal rounded(double value, int digits) {
        return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
    }

    /** The validator of the other tests knows today's top-level domains by heart, which no grammar should. */
    @Test
    void mailAddressesLookLikeSome() {
        CompiledGrammar grammar =
                compile(JSON.createObjectNode().put("type", "string").put("format", "email"));
        Random random = new Random(10);
        for (int i = 0; i < 50; i++) {
            assertThat(RandomAnswer.of(grammar, random).orElseThrow())
                    .matches("\"[\\w%+-]+(\\.[\\w%+-]+)*@([a-zA-Z0-9][a-zA-Z0-9-]*\\.)+[a-zA-Z]{2,}\"");
        }
    }

    @Test
    void recursionIsDeepButNotEndless() throws JsonProcessingException {
        JsonNode schema = JSON.readTree("{\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}");
        Accepted accepted = new Accepted(JsonSchemaGrammar.of(schema, true));
        assertThat(accepted.whole("[".repeat(60) + "]".repeat(60))).isTrue();
        assertThat(accepted.prefix("[".repeat(100))).isFalse();
    }

    @Test
    void escapesAreThoseOfJson() {
        Accepted string =
                new Accepted(JsonSchemaGrammar.of(JSON.createObjectNode().put("type", "string"), true));
        List<String> right = List.of(
                "\"\"",
                "\"a\\n\\u00e9\"",
                "\"\\ud83d\\ude42\"",
                "\"\\uD83D\\uDE42x\"",
                "\"日\"",
                "\"\\/\\b\\f\\r\\t\\\\\\\"\"");
        List<String> wrong =
                List.of("\"\n\"", "\"\\x41\"", "\"\\ud83d\"", "\"\\ude42\"", "\"\\u12\"", "\"\\ud83d\\u0041\"");
        right.forEach(text -> assertThat(string.whole(text)).as(text).isTrue());
        wrong.forEach(text -> assertThat(string.whole(text)).as(text).isFalse());
    }

    @Test
    void lengthsCountCharacters() {
        var schema = JSON.createObjectNode()
                .put("type", "string")
                .put("minLength", 2)
                .put("maxLength", 3);
        Accepted string = new Accepted(JsonSchemaGrammar.of(schema, true));
        assertThat(string.whole("\"🙂\"")).isFalse();
        assertThat(string.whole("\"🙂🙂\"")).isTrue();
        assertThat(string.whole("\"\\ud83d\\ude42\\n日\"")).isTrue();
        assertThat(string.whole("\"🙂🙂🙂🙂\"")).isFalse();
    }

    @Test
    void whatPeopleReallySendIsUnderstood() throws JsonProcessingException {
        JsonNode schema = JSON.readTree("""
                {"$defs": {"Step": {"properties": {"explanation": {"title": "Explanation", "type": "string"},
                    "output": {"title": "Output", "type": "string"}}, "required": ["explanation", "output"],
                    "title": "Step", "type": "object", "additionalProperties": false},
                  "Color": {"enum": ["red", "green"], "title": "Color", "type": "string"}},
                 "properties": {"steps": {"items": {"$ref": "#/$defs/Step"}, "type": "array", "minItems": 1, "maxItems": 3},
                  "color": {"allOf": [{"$ref": "#/$defs/Color"}], "default": "red"},
                  "note": {"anyOf": [{"type": "string", "maxLength": 5}, {"type": "null"}], "default": null},
                  "age": {"type": ["integer", "null"], "minimum": 0, "maximum": 150}},
                 "required": ["steps", "color", "note", "age"], "title": "Answer", "type": "object",
                 "additionalProperties": false}
                """);
        Random random = new Random(9);
        CompiledGrammar grammar = compile(schema);
        List<String> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            RandomAnswer.of(grammar, random).ifPresent(answers::add);
        }
        assertThat(answers).hasSizeGreaterThan(90);
        for (String answer : answers) {
            check(schema, answer);
        }
    }

    /** Chance makes schemas, too, that nothing can satisfy. */
    private static Optional<CompiledGrammar> compileIfPossible(JsonNode schema, TokenVocabulary vocabulary) {
        try {
            return Optional.of(
                    new CompiledGrammar(JsonSchemaGrammar.of(schema, true), vocabulary, GrammarLimits.defaults()));
        } catch (InvalidGrammarException e) {
            assertThat(e).hasMessageContaining("No finite text");
            return Optional.empty();
        }
    }

    private CompiledGrammar compile(JsonNode schema) {
        return new CompiledGrammar(JsonSchemaGrammar.of(schema, true), vocabulary, GrammarLimits.defaults());
    }

    private static void check(JsonNode schema, String answer) throws JsonProcessingException {
        JSON.readTree(answer);
        Set<ValidationMessage> errors = errors(schema, answer);
        assertThat(errors).as("%s of %s against %s", errors, answer, schema).isEmpty();
    }

    private static Set<ValidationMessage> errors(JsonNode schema, String answer) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(schema, CONFIG)
                .validate(answer, InputFormat.JSON);
    }

    /** Follows texts byte by byte: a vocabulary of bytes alone. */
    private static final class Accepted {
        private static final TokenVocabulary BYTES =
                new TokenVocabulary(TestVocabularies.texts().subList(0, 258), new int[] {TestVocabularies.END});

        private final CompiledGrammar grammar;

        Accepted(Grammar grammar) {
            this.grammar = new CompiledGrammar(grammar, BYTES, GrammarLimits.defaults());
        }

        boolean whole(String text) {
            var matcher = grammar.matcher();
            return take(matcher, text) && matcher.isComplete();
        }

        boolean prefix(String text) {
            return take(grammar.matcher(), text);
        }

        private static boolean take(io.plumbline.inference.grammar.GrammarMatcher matcher, String text) {
            for (byte b : text.getBytes(java.nio.charset.StandardCharsets.UTF_8)) {
                int token = 2 + (b & 0xFF);
                if ((matcher.allowed()[token >> 6] >>> token & 1) == 0) {
                    return false;
                }
                matcher.accept(token);
            }
            return true;
        }
    }
}
