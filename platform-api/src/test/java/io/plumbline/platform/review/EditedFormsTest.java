package io.plumbline.platform.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.restassured.response.Response;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller who asked for a form gets it, also where a reviewer wrote the answer. */
@PlatformTest
class EditedFormsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REVIEWER = "reviewer@plumbline.example";
    private static final String CASES = "/api/v1/review/cases/";
    private static final Map<String, Object> ADVICE = Map.of(
            "type",
            "object",
            "properties",
            Map.of("advice", Map.of("type", "string"), "account", Map.of("type", "integer")),
            "required",
            List.of("advice"),
            "additionalProperties",
            false);
    private static final Map<String, Object> SCHEMA =
            Map.of("type", "json_schema", "json_schema", Map.of("name", "advice", "strict", true, "schema", ADVICE));
    private static final String HELD = "{\"advice\": \"" + RuledModel.ADVICE + "\"}";
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of(
            "type", "function", "function", Map.of("name", "advise", "description", "Advises", "parameters", ADVICE)));

    private RuledModel model;

    @BeforeEach
    void deploy() {
        model = RuledModel.of("broker", "FIN-008", "PRI-001");
    }

    @AfterEach
    void retire() {
        model.close();
    }

    private static int claim(String caseId) {
        return Callers.as(REVIEWER)
                .post(CASES + caseId + "/claim")
                .then()
                .statusCode(200)
                .extract()
                .path("lease.token");
    }

    private static Response decide(String caseId, int token, Map<String, Object> decision) {
        Map<String, Object> body = new java.util.HashMap<>(decision);
        body.put("token", token);
        return Callers.as(REVIEWER).contentType("application/json").body(body).post(CASES + caseId + "/decision");
    }

    private static Response edit(String caseId, int token, String text) {
        return decide(caseId, token, Map.of("decision", "edit", "texts", List.of(Map.of("index", 0, "text", text))));
    }

    private static String heldCase(Response answer) {
        answer.then().statusCode(200).body("choices[0].finish_reason", equalTo("content_filter"));
        return answer.header("x-plumbline-case");
    }

    @Test
    void anEditThatIsNotOfTheSchemaIsRefusedAndKept() throws IOException {
        Response answer = model.ask("say:" + HELD, "response_format", SCHEMA);
        String caseId = heldCase(answer);
        String schema = Callers.as(REVIEWER)
                .get(CASES + caseId)
                .then()
                .body("form.type", equalTo("json_schema"))
                .extract()
                .path("form.schema");
        assertThat(JSON.readTree(schema)).isEqualTo(JSON.valueToTree(ADVICE));

        int token = claim(caseId);
        String wrong = "{\n  \"advice\": \"First the risk assessment.\",\n  \"account\": soon\n}";
        edit(caseId, token, wrong)
                .then()
                .statusCode(422)
                .body("error.code", equalTo("answer_not_in_form"))
                .body("error.param", equalTo("texts"))
                .body(
                        "error.message",
                        allOf(
                                containsString("line 3, column 14"),
                                containsString("after '  \"account\": ': 'soon' cannot stand there"),
                                containsString("kept as your draft")));
        edit(caseId, token, "Please complete the risk assessment first.")
                .then()
                .statusCode(422)
                .body("error.message", containsString("line 1, column 1"));
        Callers.as(REVIEWER)
                .get(CASES + caseId)
                .then()
                .body("state", equalTo("claimed"))
                .body("draft.texts[0].text", equalTo("Please complete the risk assessment first."));
        model.read(answer.path("id")).then().body("choices[0].finish_reason", equalTo("content_filter"));

        String right = "{\n  \"advice\": \"First the risk assessment.\",\n  \"account\": 12\n}\n";
        edit(caseId, token, right).then().statusCode(200).body("state", equalTo("edited"));
        model.read(answer.path("id"))
                .then()
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo(right));
    }

    /** The mask is longer than the schema allows: then a person has to write something else. */
    @Test
    void whatAMaskTookOutOfTheSchemaIsNotApproved() {
        Map<String, Object> client = Map.of(
                "type",
                "object",
                "properties",
                Map.of("id", Map.of("type", "string", "maxLength", 18), "advice", Map.of("type", "string")),
                "required",
                List.of("id", "advice"),
                "additionalProperties",
                false);
        // Not in the question, where it would be masked before the model says it.
        String said = "{\"id\": \"11010519491231002X\", \"advice\": \"" + RuledModel.ADVICE + "\"}";
        Response answer = model.ask(
                "backwards:" + new StringBuilder(said).reverse(),
                "response_format",
                Map.of("type", "json_schema", "json_schema", Map.of("name", "client", "schema", client)));
        String caseId = heldCase(answer);
        int token = claim(caseId);
        Callers.as(REVIEWER)
                .get(CASES + caseId)
                .then()
                .body("choices[0].releasable", containsString("[REDACTED:resident-id]"));
        decide(caseId, token, Map.of("decision", "approve"))
                .then()
                .statusCode(422)
                .body("error.code", equalTo("answer_not_in_form"));
        edit(caseId, token, "{\"id\": \"see file\", \"advice\": \"First the risk assessment.\"}")
                .then()
                .statusCode(200);
    }

    @Test
    void aChoiceIsOneOfTheChoices() {
        List<String> texts = List.of("I recommend that you invest in this bond fund.", "Assess the risk first.");
        Response answer = model.ask("say:" + texts.getFirst(), "structured_outputs", Map.of("choice", texts));
        String caseId = heldCase(answer);
        Callers.as(REVIEWER).get(CASES + caseId).then().body("form.choice", equalTo(texts));
        int token = claim(caseId);
        edit(caseId, token, "Assess the risk!")
                .then()
                .statusCode(422)
                .body(
                        "error.message",
                        containsString("after 'Assess the risk': '!' cannot stand there; expected 'first.'"));
        edit(caseId, token, texts.getLast()).then().statusCode(200);
        model.read(answer.path("id")).then().body("choices[0].message.content", equalTo(texts.getLast()));
    }

    private Response heldCall() {
        return model.ask(
                "say:Wait.\n<tool_call>\n{\"name\": \"advise\", \"arguments\": " + HELD + "}\n</tool_call>",
                "tools",
                TOOLS);
    }

    @Test
    void aCallKeepsItsArgumentsOrGoes() throws IOException {
        Response answer = heldCall();
        String caseId = heldCase(answer);
        Callers.as(REVIEWER)
                .get(CASES + caseId)
                .then()
                .body("form.type", equalTo("tools"))
                .body("form.tools[0].name", equalTo("advise"))
                .body("form.required", equalTo(false));
        int token = claim(caseId);
        String frame = "<tool_call>\n{\"name\": \"advise\", \"arguments\": %s}\n</tool_call>";
        edit(caseId, token, frame.formatted("{\"advice\": none}")).then().statusCode(422);
        edit(caseId, token, frame.formatted("{\"advice\": \"none\"}")).then().statusCode(200);
        Response released = model.read(answer.path("id"));
        released.then()
                .body("choices[0].finish_reason", equalTo("tool_calls"))
                .body("choices[0].message.content", nullValue());
        JsonNode arguments =
                JSON.readTree(released.<String>path("choices[0].message.tool_calls[0].function.arguments"));
        assertThat(arguments.path("advice").asText()).isEqualTo("none");

        Response other = heldCall();
        String second = heldCase(other);
        edit(second, claim(second), "I cannot advise on that.").then().statusCode(200);
        model.read(other.path("id"))
                .then()
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo("I cannot advise on that."))
                .body("choices[0].message.tool_calls", nullValue());
    }

    /** Who completes what was cut off hands over a whole answer: SDKs refuse to parse one that ended for its length. */
    @Test
    void anAnswerThatWasCutOffMayBeCompleted() {
        Object[] cut = {"response_format", SCHEMA, "max_tokens", HELD.length() - 2};
        Response answer = model.ask("say:" + HELD, cut);
        String caseId = heldCase(answer);
        edit(caseId, claim(caseId), "{\"advice\": \"Assess the risk first.\"}")
                .then()
                .statusCode(200);
        model.read(answer.path("id")).then().body("choices[0].finish_reason", equalTo("stop"));

        Response other = model.ask("say:" + HELD, cut);
        String second = heldCase(other);
        int token = claim(second);
        edit(second, token, "Assess").then().statusCode(422);
        edit(second, token, "{\"advice\": \"Assess the risk").then().statusCode(200);
        model.read(other.path("id")).then().body("choices[0].finish_reason", equalTo("length"));
    }
}
