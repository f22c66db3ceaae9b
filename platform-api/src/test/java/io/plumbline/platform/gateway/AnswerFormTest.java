package io.plumbline.platform.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.testing.AnswerEvents;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.ScriptedPool;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Forms and tools, with the real model, and with one that says what a test wants. */
@PlatformTest
class AnswerFormTest {
    private static final String REAL = "smollm2-135m-instruct";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Object> PERSON = Map.of(
            "type",
            "object",
            "properties",
            Map.of("name", Map.of("type", "string", "maxLength", 20), "age", Map.of("type", "integer", "minimum", 0)),
            "required",
            List.of("name", "age"),
            "additionalProperties",
            false);
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of(
            "type",
            "function",
            "function",
            Map.of("name", "find_person", "description", "Looks a person up", "parameters", PERSON)));

    private static Response ask(String model, String content, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("model", model);
        body.putIfAbsent("messages", List.of(Map.of("role", "user", "content", content)));
        return Callers.as("integrator@hospital.example")
                .contentType("application/json")
                .body(body)
                .post("/v1/chat/completions");
    }

    private static Map<String, Object> schema(Object schema) {
        return Map.of(
                "response_format",
                Map.of(
                        "type",
                        "json_schema",
                        "json_schema",
                        Map.of("name", "person", "strict", true, "schema", schema)),
                "max_tokens",
                100);
    }

    @Test
    void theRealModelAnswersInTheForm() throws IOException {
        Response answer = ask(REAL, "Ada is 36 years old. Who is it?", schema(PERSON));
        answer.then().statusCode(200).body("choices[0].finish_reason", equalTo("stop"));
        JsonNode person = JSON.readTree(answer.<String>path("choices[0].message.content"));
        assertThat(person.get("age").isIntegralNumber()).isTrue();
        assertThat(person.get("name").textValue()).hasSizeLessThanOrEqualTo(20);

        ask(REAL, "Is water wet?", Map.of("structured_outputs", Map.of("choice", List.of("yes", "no"))))
                .then()
                .statusCode(200)
                .body("choices[0].message.content", org.hamcrest.Matchers.oneOf("yes", "no"));
        Response date = ask(REAL, "A date?", Map.of("structured_outputs", Map.of("regex", "\\d{4}-\\d{2}-\\d{2}")));
        assertThat(date.<String>path("choices[0].message.content")).matches("\\d{4}-\\d{2}-\\d{2}");
    }

    @Test
    void theRealModelCallsATool() throws IOException {
        Response answer = ask(
                REAL,
                "Find Ada.",
                Map.of("tools", TOOLS, "tool_choice", "required", "parallel_tool_calls", false, "max_tokens", 100));
        answer.then()
                .statusCode(200)
                .body("choices[0].finish_reason", equalTo("tool_calls"))
                .body("choices[0].message.content", nullValue())
                .body("choices[0].message.tool_calls[0].type", equalTo("function"))
                .body("choices[0].message.tool_calls[0].id", startsWith("call_"))
                .body("choices[0].message.tool_calls[0].function.name", equalTo("find_person"));
        JsonNode arguments = JSON.readTree(answer.<String>path("choices[0].message.tool_calls[0].function.arguments"));
        assertThat(arguments.get("name").isTextual()).isTrue();
    }

    @Test
    void whatCannotBeGuaranteedIsRefusedByName() {
        ask(
                        REAL,
                        "x",
                        schema(Map.of(
                                "type",
                                "object",
                                "minProperties",
                                2,
                                "properties",
                                Map.of("a", Map.of("not", Map.of())))))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("invalid_constraint"))
                .body("error.message", containsString("#: 'minProperties' is not supported"))
                .body("error.message", containsString("#/properties/a: 'not' is not supported"));
        ask(REAL, "x", Map.of("structured_outputs", Map.of("regex", "(?=a)b")))
                .then()
                .statusCode(400)
                .body("error.message", containsString("lookaround"));
    }

    @Test
    void wordsAndCallsAreToldApart() {
        String said =
                "say:Wait.\n<tool_call>\n{\"name\": \"find_person\", \"arguments\": {\"name\": \"Ada\", \"age\": 36}}\n</tool_call>";
        ask(ScriptedPool.MODEL, said, Map.of("tools", TOOLS))
                .then()
                .statusCode(200)
                .body("choices[0].finish_reason", equalTo("tool_calls"))
                .body("choices[0].message.content", equalTo("Wait."))
                .body(
                        "choices[0].message.tool_calls[0].function.arguments",
                        equalTo("{\"name\": \"Ada\", \"age\": 36}"));

        StringBuilder words = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        String finish = "";
        Response stream = ask(ScriptedPool.MODEL, said, Map.of("tools", TOOLS, "stream", true));
        for (JsonNode event : AnswerEvents.of(stream)) {
            JsonNode choice = event.at("/choices/0");
            words.append(choice.at("/delta/content").asText(""));
            arguments.append(choice.at("/delta/tool_calls/0/function/arguments").asText(""));
            finish = choice.path("finish_reason").asText(finish);
        }
        assertThat(words).hasToString("Wait.");
        assertThat(arguments).hasToString("{\"name\": \"Ada\", \"age\": 36}");
        assertThat(finish).isEqualTo("tool_calls");
    }

    /** A secret in the arguments of a call is a secret in the answer. */
    @Test
    void argumentsAreScreened() {
        String key = "AKIA" + "Z7QK3M5TRW2XNB4D";
        String said = "say:<tool_call>\n{\"name\": \"find_person\", \"arguments\": {\"name\": \"" + key
                + "\", \"age\": 1}}\n</tool_call>";
        String plain = ask(ScriptedPool.MODEL, said.replace("<tool_call>", ""), Map.of())
                .asString();
        assertThat(plain).as("the rule holds for words").doesNotContain(key);
        assertThat(ask(ScriptedPool.MODEL, said, Map.of("tools", TOOLS)).asString())
                .doesNotContain(key);
    }

    @Test
    void resultsBelongToCalls() {
        Map<String, Object> call = Map.of(
                "id",
                "call_1",
                "type",
                "function",
                "function",
                Map.of("name", "find_person", "arguments", "{\"name\": \"Ada\"}"));
        Map<String, Object> assistant = new HashMap<>(Map.of("role", "assistant", "tool_calls", List.of(call)));
        assistant.put("content", null);
        List<Map<String, ?>> messages = List.of(
                Map.of("role", "user", "content", "Find Ada."),
                assistant,
                Map.of("role", "tool", "tool_call_id", "call_1", "content", "She is 36."));
        ask(REAL, "", Map.of("messages", messages, "tools", TOOLS, "max_tokens", 8, "temperature", 0))
                .then()
                .statusCode(200);
        List<Map<String, ?>> wrong = List.of(
                Map.of("role", "user", "content", "Find Ada."),
                Map.of("role", "tool", "tool_call_id", "call_2", "content", "She is 36."));
        ask(REAL, "", Map.of("messages", wrong, "tools", TOOLS))
                .then()
                .statusCode(400)
                .body("error.param", equalTo("messages[1].tool_call_id"));
    }
}
