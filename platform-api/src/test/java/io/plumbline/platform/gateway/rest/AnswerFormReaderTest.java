package io.plumbline.platform.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.plumbline.inference.pool.OutputConstraint;
import io.plumbline.inference.pool.ToolUse;
import io.plumbline.platform.gateway.AnswerForm;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerFormReaderTest {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final String TOOLS = "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a\"}},"
            + " {\"type\": \"function\", \"function\": {\"name\": \"b\", \"strict\": true}}]";

    private static AnswerForm read(String body) throws JsonProcessingException {
        return AnswerFormReader.read(JSON.readValue("{" + body + "}", ChatRequest.class));
    }

    @Test
    void formats() throws JsonProcessingException {
        assertThat(read("").constraint()).isEqualTo(OutputConstraint.free());
        assertThat(read("\"response_format\": {\"type\": \"text\"}").constraint())
                .isEqualTo(OutputConstraint.free());
        assertThat(read("\"response_format\": {\"type\": \"json_object\"}").constraint())
                .isEqualTo(new OutputConstraint.JsonObject());
        assertThat(
                        read("\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"x\", \"strict\": true,"
                                        + " \"schema\": {\"type\": \"null\"}}}")
                                .constraint())
                .isEqualTo(new OutputConstraint.JsonSchema("{\"type\":\"null\"}", true));
        assertThat(read("\"structured_outputs\": {\"choice\": [\"a\", \"b\"]}").constraint())
                .isEqualTo(new OutputConstraint.OneOf(List.of("a", "b")));
    }

    @Test
    void toolChoices() throws JsonProcessingException {
        assertThat(read(TOOLS).constraint()).isInstanceOfSatisfying(OutputConstraint.ToolCalls.class, calls -> {
            assertThat(calls.use()).isEqualTo(ToolUse.AUTO);
            assertThat(calls.several()).isTrue();
            assertThat(calls.tools()).hasSize(2);
        });
        assertThat(read(TOOLS + ", \"tool_choice\": \"none\"")).isEqualTo(AnswerForm.free());
        AnswerForm named = read(TOOLS + ", \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"b\"}}");
        assertThat(named.tools()).hasSize(2);
        assertThat(named.constraint()).isInstanceOfSatisfying(OutputConstraint.ToolCalls.class, calls -> {
            assertThat(calls.use()).isEqualTo(ToolUse.REQUIRED);
            assertThat(calls.several()).isFalse();
            assertThat(calls.tools().getFirst().name()).isEqualTo("b");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"response_format\": {\"type\": \"xml\"} | 'response_format.type' is text, json_object or json_schema",
                "\"response_format\": {\"type\": \"json_schema\"} | 'response_format.json_schema.schema' is required",
                "\"structured_outputs\": {} | 'structured_outputs' is one of",
                "\"response_format\": {\"type\": \"json_object\"}, \"structured_outputs\": {\"regex\": \"a\"} | not both",
                "\"tool_choice\": \"required\" | 'tool_choice' needs 'tools'",
                "\"tools\": {} | 'tools' is a list of up to 128 functions",
                "\"tools\": [{\"type\": \"search\"}] | Tools of type function are",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a b\"}}] | letters, digits, underscores",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a\", \"parameters\": 7}}] | is a JSON Schema",
            })
    void whatIsWrongIsNamed(String body, String message) {
        assertThatThrownBy(() -> read(body.strip())).hasMessageContaining(message.strip());
    }

    @Test
    void whatDoesNotGoWithToolsIsNamed() {
        assertThatThrownBy(() -> read(TOOLS + ", \"response_format\": {\"type\": \"json_object\"}"))
                .hasMessageContaining("response_format");
        assertThatThrownBy(() ->
                        read(TOOLS + ", \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"c\"}}"))
                .hasMessageContaining("There is no function 'c'");
    }
}
