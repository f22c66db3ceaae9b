package io.plumbline.inference.grammar.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.grammar.CompiledGrammar;
import io.plumbline.inference.grammar.GrammarLimits;
import io.plumbline.inference.grammar.InvalidGrammarException;
import io.plumbline.inference.grammar.TestVocabularies;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be guaranteed is refused by name, and no schema takes more time than it may. */
class SchemaRefusalTest {
    private static final JsonMapper JSON = new JsonMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"not\": {\"type\": \"null\"}} | #: 'not' is not supported",
                "{\"type\": \"array\", \"uniqueItems\": true} | 'uniqueItems' is not supported",
                "{\"type\": \"object\", \"patternProperties\": {}} | 'patternProperties' is not supported",
                "{\"type\": \"integer\", \"multipleOf\": 7} | 'multipleOf' is supported for 1 only",
                "{\"type\": \"string\", \"format\": \"iri\"} | the format 'iri' is not supported; supported are date,",
                "{\"type\": \"string\", \"pattern\": \"(?=a)b\"} | uses '(?='",
                "{\"type\": \"string\", \"pattern\": \"(a)\\\\1\"} | uses \\1, which is not supported",
                "{\"type\": \"string\", \"pattern\": \"^a$\", \"maxLength\": 3} | cannot be enforced together",
                "{\"type\": \"text\"} | there is no type 'text'",
                "{\"type\": 7} | 'type' is a name or a list of names",
                "{\"$ref\": \"https://example.com/schema\"} | leads nowhere",
                "{\"$ref\": \"#/$defs/missing\"} | leads nowhere",
                "{\"oneOf\": [{\"type\": \"integer\"}, {\"type\": \"number\"}]} | branches 0 and 1 may both match",
                "{\"anyOf\": []} | a list of at least one schema",
                "{\"enum\": [1, 2], \"type\": \"string\"} | no value is left",
                "{\"type\": \"string\", \"minLength\": 5, \"maxLength\": 2} | 'minLength' is more than 'maxLength'",
                "{\"type\": \"string\", \"maxLength\": 1e99} | a whole number from 0 to 100000",
                "{\"type\": \"object\", \"required\": [\"a\"], \"additionalProperties\": false} | 'a' is required, but not",
                "{\"type\": \"array\", \"items\": [{}]} | is called 'prefixItems'",
                "{\"properties\": [1]} | 'properties' is an object",
                "7 | a schema is an object or a boolean",
                "false | No finite text satisfies",
                "{\"type\": \"integer\", \"minimum\": 3, \"maximum\": 2} | No finite text satisfies",
                "{\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#\"}} | No finite text satisfies",
                "{\"$ref\": \"#\"} | No finite text satisfies",
                "{\"allOf\": [{\"$ref\": \"#\"}]} | nested deeper than",
            })
    void isRefusedByName(String schema, String message) {
        assertThatThrownBy(() -> compile(schema))
                .isInstanceOf(InvalidGrammarException.class)
                .hasMessageContaining(message.strip());
    }

    @Test
    void allReasonsAreTold() {
        assertThatThrownBy(() -> compile(
                        "{\"type\": \"object\", \"properties\": {\"a\": {\"not\": {}}, \"b\": {\"format\": \"iri\"}}}"))
                .hasMessageContaining("#/properties/a: 'not' is not supported")
                .hasMessageContaining("#/properties/b: the format 'iri'")
                .hasMessageContaining("Supported keywords: $ref, additionalProperties, allOf");
    }

    @Test
    void aSchemaThatIsNotStrictLeavesOutWhatCannotBeEnforced() {
        assertThatCode(() -> JsonSchemaGrammar.of(
                        JSON.readTree(
                                "{\"type\": \"array\", \"uniqueItems\": true, \"not\": {}, \"items\": {\"format\": \"iri\"}}"),
                        false))
                .doesNotThrowAnyException();
    }

    @Test
    void deepNestingIsRefused() {
        String deep = "{\"type\":\"array\",\"items\":".repeat(80) + "{}" + "}".repeat(80);
        assertThatThrownBy(() -> compile(deep)).hasMessageContaining("nested deeper than 60 levels");
    }

    @Test
    void aLargeSchemaIsRefused() {
        String values =
                IntStream.range(0, 40_000).mapToObj(i -> "\"value-" + i + '"').collect(Collectors.joining(","));
        assertThatThrownBy(() -> compile("{\"enum\": [" + values + "]}")).hasMessageContaining("256 KiB");
    }

    @Test
    void manyOptionalPropertiesAreFine() {
        String properties = IntStream.range(0, 300)
                .mapToObj(i -> "\"p%d\": {\"type\": \"integer\"}".formatted(i))
                .collect(Collectors.joining(","));
        assertThatCode(() -> compile("{\"type\": \"object\", \"properties\": {" + properties + "}}"))
                .doesNotThrowAnyException();
    }

    /** Each of these would take a naive engine for ever, or fill its memory. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "(x+x+)+y",
                "(a|a?)+",
                "(a*)*b",
                "([a-z]{0,90}){0,90}",
                ".*[ab].{200}",
                "(a{0,1000}){1000}",
                "((((a?){60}){60}){60}){60}"
            })
    void hostileExpressionsAreAnsweredOrRefusedInTime(String pattern) throws JsonProcessingException {
        JsonNode schema = JSON.createObjectNode().put("type", "string").put("pattern", "^" + pattern + "$");
        try {
            CompiledGrammar grammar = new CompiledGrammar(
                    JsonSchemaGrammar.of(schema, true), TestVocabularies.small(), GrammarLimits.defaults());
            var matcher = grammar.matcher();
            int[] text = "\"xaxaaaaaaaaaaaaaaaaabbbaabb".chars().map(c -> c + 2).toArray();
            for (int token : text) {
                if ((matcher.allowed()[token >> 6] >>> token & 1) != 0) {
                    matcher.accept(token);
                }
            }
        } catch (InvalidGrammarException e) {
            assertThat(e).hasMessageContaining("too ambiguous");
        }
    }

    private static void compile(String schema) throws JsonProcessingException {
        new CompiledGrammar(
                JsonSchemaGrammar.of(JSON.readTree(schema), true), TestVocabularies.small(), GrammarLimits.defaults());
    }
}
