package io.plumbline.platform.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.plumbline.platform.testing.AnswerEvents;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.Eventually;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.restassured.response.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules that add and mask, on answers that programs read: the content stays what was asked for. */
@PlatformTest
class LabelledAnswersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LABEL = "(AI-generated content / 本内容由AI生成)";
    private static final String ID = "11010519491231002X";
    private static final Map<String, Object> ANY_OBJECT = Map.of("type", "json_object");
    private static final List<Map<String, Object>> TOOLS = List.of(Map.of(
            "type",
            "function",
            "function",
            Map.of(
                    "name",
                    "find",
                    "parameters",
                    Map.of(
                            "type",
                            "object",
                            "properties",
                            Map.of("who", Map.of("type", "string")),
                            "required",
                            List.of("who")))));

    private RuledModel model;

    @BeforeEach
    void deploy() {
        model = RuledModel.of("broker", "LBL-001", "PRI-001", "PRI-007", "FIN-008", "IND-026");
    }

    @AfterEach
    void retire() {
        model.close();
    }

    /** A script whose words do not stand in the question, where the rules would mask them before the model sees them. */
    private static String secretly(String said) {
        return "backwards:" + new StringBuilder(said).reverse();
    }

    private static Map<String, Object> schema(Map<String, Object> property) {
        return Map.of(
                "type",
                "json_schema",
                "json_schema",
                Map.of(
                        "name",
                        "one",
                        "strict",
                        true,
                        "schema",
                        Map.of(
                                "type",
                                "object",
                                "properties",
                                Map.of("id", property),
                                "required",
                                List.of("id"),
                                "additionalProperties",
                                false)));
    }

    @Test
    void theLabelStandsBesideJson() throws IOException {
        Response answer = model.ask("say:{\"city\": \"Oslo\"}", "response_format", ANY_OBJECT, "store", true);
        answer.then()
                .statusCode(200)
                .header("x-plumbline-notices", equalTo("LBL-001@1"))
                .header("x-plumbline-label", equalTo("ai-generated"))
                .header("x-plumbline-verdicts", containsString("LBL-001@1"))
                .body("choices[0].message.content", equalTo("{\"city\": \"Oslo\"}"))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].plumbline.notices", hasSize(1))
                .body("choices[0].plumbline.notices[0].rule", equalTo("LBL-001@1"))
                .body("choices[0].plumbline.notices[0].place", equalTo("after"))
                .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
        Response stored = model.read(answer.path("id"));
        stored.then().header("x-plumbline-label", equalTo("ai-generated"));
        assertThat(JSON.readTree(stored.asString())).isEqualTo(JSON.readTree(answer.asString()));
    }

    @Test
    void proseIsLabelledInTheText() {
        model.ask("say:Oslo is in Norway.")
                .then()
                .header("x-plumbline-notices", nullValue())
                .header("x-plumbline-label", nullValue())
                .body("choices[0].message.content", endsWith("Norway.\n\n" + LABEL))
                .body("choices[0]", not(hasKey("plumbline")));
    }

    @Test
    void aStreamAnnouncesTheLabelAndTellsItInTheLastChunk() {
        Response stream = model.ask(
                "say:{\"city\": \"Oslo\"}",
                "response_format",
                ANY_OBJECT,
                "stream",
                true,
                "store",
                true,
                "stream_options",
                Map.of("include_usage", true));
        stream.then()
                .statusCode(200)
                .header("x-plumbline-notices", equalTo("LBL-001@1"))
                .header("x-plumbline-label", equalTo("ai-generated"));
        List<JsonNode> events = AnswerEvents.of(stream);
        assertThat(AnswerEvents.content(events)).isEqualTo("{\"city\": \"Oslo\"}");
        List<JsonNode> labelled =
                events.stream().filter(e -> e.at("/choices/0").has("plumbline")).toList();
        assertThat(labelled).singleElement().satisfies(last -> {
            assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
            assertThat(last.at("/choices/0/plumbline/notices/0/text").asText()).isEqualTo(LABEL);
            assertThat(last.at("/plumbline/verdicts/0").asText()).isEqualTo("LBL-001@1");
        });
        assertThat(stream.asString()).endsWith("data: [DONE]\n\n");
        model.read(events.getFirst().path("id").asText())
                .then()
                .body("choices[0].message.content", equalTo("{\"city\": \"Oslo\"}"))
                .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
    }

    @Test
    void everyFormOfConstraint() {
        for (Map<String, Object> form : List.<Map<String, Object>>of(
                Map.of("regex", "[a-z]+"), Map.of("choice", List.of("yes", "no")), Map.of("json", Map.of()))) {
            String said = form.containsKey("json") ? "[1, 2]" : "yes";
            model.ask("say:" + said, "structured_outputs", form)
                    .then()
                    .statusCode(200)
                    .body("choices[0].message.content", equalTo(said))
                    .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
        }
        model.ask("say:yes", "response_format", Map.of("type", "text"))
                .then()
                .body("choices[0].message.content", equalTo("yes\n\n" + LABEL));
    }

    @Test
    void callsOfToolsCarryNoLabelInTheirContent() {
        String call = "<tool_call>\n{\"name\": \"find\", \"arguments\": {\"who\": \"Ada\"}}\n</tool_call>";
        model.ask("say:" + call, "tools", TOOLS, "tool_choice", "required")
                .then()
                .body("choices[0].finish_reason", equalTo("tool_calls"))
                .body("choices[0].message.content", nullValue())
                .body("choices[0].message.tool_calls[0].function.arguments", equalTo("{\"who\": \"Ada\"}"))
                .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
        model.ask("say:Wait.\n" + call, "tools", TOOLS)
                .then()
                .body("choices[0].message.content", equalTo("Wait."))
                .body("choices[0].message.tool_calls", hasSize(1))
                .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
        model.ask("say:No need to look.", "tools", TOOLS)
                .then()
                .body("choices[0].message.content", equalTo("No need to look.\n\n" + LABEL))
                .body("choices[0]", not(hasKey("plumbline")));
        List<JsonNode> events = AnswerEvents.of(model.ask("say:" + call, "tools", TOOLS, "stream", true));
        assertThat(AnswerEvents.content(events)).isEmpty();
        assertThat(events.getLast().at("/choices/0/plumbline/notices/0/rule").asText())
                .isEqualTo("LBL-001@1");
    }

    /** The question has a red flag: what must be said first stands beside the answer, and comes first in the list. */
    @Test
    void noticesOfTheQuestionStandBesideToo() {
        List<Map<String, String>> messages =
                List.of(Map.of("role", "user", "content", "氯气泄漏了怎么办？"), Map.of("role", "user", "content", "say:yes"));
        Response answer = model.ask(messages, "structured_outputs", Map.of("choice", List.of("yes", "no")));
        answer.then()
                .statusCode(200)
                .header("x-plumbline-notices", equalTo("IND-026@1, LBL-001@1"))
                .body("choices[0].message.content", equalTo("yes"))
                .body("choices[0].plumbline.notices[0].place", equalTo("before"));
        assertThat(model.ask(messages, "structured_outputs", Map.of("choice", List.of("yes", "no")), "stream", true)
                        .header("x-plumbline-notices"))
                .isEqualTo("IND-026@1, LBL-001@1");
    }

    @Test
    void masksKeepJsonWellFormed() throws IOException {
        Response answer = model.ask(
                secretly("{\"note\": \"a\\n" + ID + "\", \"card\": 4111111111111111}"), "response_format", ANY_OBJECT);
        JsonNode read = JSON.readTree(answer.<String>path("choices[0].message.content"));
        assertThat(read.path("note").textValue()).isEqualTo("a\n[REDACTED:resident-id]");
        assertThat(read.path("card").textValue()).isEqualTo("[REDACTED:payment-card]");
        assertThat(answer.<String>path("choices[0].finish_reason")).isEqualTo("stop");
    }

    @Test
    void whatFitsTheSchemaIsReleasedMaskedAndWhatDoesNotIsWithheld() {
        String said = secretly("{\"id\": \"" + ID + "\"}");
        model.ask(said, "response_format", schema(Map.of("type", "string")))
                .then()
                .body("choices[0].message.content", equalTo("{\"id\": \"[REDACTED:resident-id]\"}"))
                .body("choices[0].finish_reason", equalTo("stop"));

        Map<String, Object> exact = schema(Map.of("type", "string", "pattern", "^[0-9]{17}[0-9X]$"));
        Response whole = model.ask(said, "response_format", exact);
        whole.then()
                .statusCode(200)
                .header("x-plumbline-verdicts", containsString("PRI-001@"))
                .body("choices[0].finish_reason", equalTo("content_filter"))
                .body("choices[0].message.refusal", containsString("not of the form"))
                .body("choices[0]", not(hasKey("plumbline")));
        Response stream = model.ask(said, "response_format", exact, "stream", true);
        assertThat(AnswerEvents.of(stream)
                        .getLast()
                        .at("/choices/0/finish_reason")
                        .asText())
                .isEqualTo("content_filter");
        assertThat(Stream.of(whole, stream).map(Response::asString)).noneMatch(body -> body.contains("[REDACTED"));

        model.ask(secretly(ID), "structured_outputs", Map.of("choice", List.of(ID, "none")))
                .then()
                .body("choices[0].finish_reason", equalTo("content_filter"));
        model.ask(secretly(ID), "structured_outputs", Map.of("regex", ".*"))
                .then()
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo("[REDACTED:resident-id]"));
    }

    @Test
    void argumentsAreMaskedWithinTheirStrings() throws IOException {
        String call = "<tool_call>\n{\"name\": \"find\", \"arguments\": {\"who\": \"a\\n" + ID + "\"}}\n</tool_call>";
        Response answer = model.ask(secretly(call), "tools", TOOLS);
        String arguments = answer.path("choices[0].message.tool_calls[0].function.arguments");
        assertThat(JSON.readTree(arguments).path("who").textValue()).isEqualTo("a\n[REDACTED:resident-id]");
    }

    @Test
    void aHeldAnswerIsReleasedWithItsLabelBesideIt() {
        String said = "{\"advice\": \"" + RuledModel.ADVICE + "\"}";
        Response answer = model.ask("say:" + said, "response_format", ANY_OBJECT);
        answer.then()
                .body("choices[0].finish_reason", equalTo("content_filter"))
                .body("choices[0]", not(hasKey("plumbline")));
        String cases = "/api/v1/review/cases/" + answer.header("x-plumbline-case");
        String reviewer = "reviewer@plumbline.example";
        Callers.as(reviewer)
                .get(cases)
                .then()
                .body("choices[0].releasable", equalTo(said))
                .body("choices[0].notices[0].rule", equalTo("LBL-001@1"))
                .body("choices[0].notices[0].text", equalTo(LABEL));
        Integer token = Callers.as(reviewer).post(cases + "/claim").path("lease.token");
        Callers.as(reviewer)
                .contentType("application/json")
                .body(Map.of("token", token, "decision", "approve"))
                .post(cases + "/decision")
                .then()
                .statusCode(200);
        model.read(answer.path("id"))
                .then()
                .header("x-plumbline-label", equalTo("ai-generated"))
                .body("choices[0].message.content", equalTo(said))
                .body("choices[0].plumbline.notices[0].place", equalTo("after"))
                .body("choices[0].plumbline.notices[0].text", equalTo(LABEL));
    }

    @Test
    void theAuditLogProvesTheLabel() throws Exception {
        String id = model.ask("say:{}", "response_format", ANY_OBJECT).path("id");
        String digest = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(LABEL.getBytes(StandardCharsets.UTF_8)));
        Eventually.until("logged: " + id, () -> Callers.as("admin@broker.example")
                .queryParam("target", id)
                .get("/api/v1/audit/entries")
                .then()
                .body("data[0].facts.notices", equalTo("LBL-001@1"))
                .body("data[0].digests.notices", equalTo(digest)));
    }
}
