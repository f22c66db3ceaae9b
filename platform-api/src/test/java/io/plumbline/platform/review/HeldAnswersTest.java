package io.plumbline.platform.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.fasterxml.jackson.databind.JsonNode;
import io.plumbline.platform.testing.AnswerEvents;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the caller sees of an answer that a person has to decide on, from the question to the end. */
@PlatformTest
class HeldAnswersTest {
    private static final String REVIEWER = "reviewer@plumbline.example";
    private static final String CASES = "/api/v1/review/cases/";
    private static final String ADVICE = RuledModel.ADVICE;

    @Inject
    BrokenObserver observer;

    private RuledModel model;

    @BeforeEach
    void deploy() {
        model = RuledModel.of("broker", "FIN-008", "FIN-001", "PRI-001", "MED-020");
    }

    @AfterEach
    void retire() {
        observer.set(false);
        model.close();
    }

    private static Response decide(String caseId, Map<String, Object> decision) {
        Integer token = Callers.as(REVIEWER)
                .post(CASES + caseId + "/claim")
                .then()
                .statusCode(200)
                .extract()
                .path("lease.token");
        Map<String, Object> body = new java.util.HashMap<>(decision);
        body.put("token", token);
        return Callers.as(REVIEWER).contentType("application/json").body(body).post(CASES + caseId + "/decision");
    }

    @Test
    void theCallerWaitsAndGetsTheEditedText() {
        Response answer = model.ask("say:" + ADVICE);
        answer.then()
                .statusCode(200)
                .header("x-plumbline-case", startsWith("case-"))
                .header("x-plumbline-verdicts", containsString("FIN-008@1"))
                .body("choices[0].finish_reason", equalTo("content_filter"))
                .body("choices[0].message.content", containsString("A person must decide"))
                .body("choices[0].message.refusal", equalTo(answer.path("choices[0].message.content")))
                .body("usage.completion_tokens", equalTo(ADVICE.length()));
        assertThat(answer.asString()).doesNotContain("bond fund");
        String id = answer.path("id");
        String caseId = answer.header("x-plumbline-case");

        Response pending = model.read(id);
        pending.then().statusCode(200).header("x-plumbline-case", equalTo(caseId));
        assertThat(pending.asString()).isEqualTo(answer.asString());
        Callers.as("integrator@broker.example")
                .delete("/v1/chat/completions/" + id)
                .then()
                .statusCode(409)
                .body("error.code", equalTo("answer_under_review"));

        decide(
                        caseId,
                        Map.of(
                                "decision",
                                "edit",
                                "texts",
                                List.of(Map.of("index", 0, "text", "Please complete the risk assessment first.")),
                                "note",
                                "advice before profiling"))
                .then()
                .statusCode(200)
                .body("state", equalTo("edited"))
                .body("outcome.by", equalTo(REVIEWER))
                .body("outcome.note", equalTo("advice before profiling"))
                .body("lease", nullValue());

        model.read(id)
                .then()
                .statusCode(200)
                .header("x-plumbline-case", equalTo(caseId))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo("Please complete the risk assessment first."))
                .body("choices[0].message.refusal", nullValue());
        Callers.as("integrator@broker.example")
                .delete("/v1/chat/completions/" + id)
                .then()
                .statusCode(200);
    }

    @Test
    void theCaseShowsTextsSpansAndTheRuleWithItsBasis() {
        String caseId = model.heldCase();
        Response shown = Callers.as(REVIEWER).get(CASES + caseId);
        shown.then()
                .statusCode(200)
                .body("tenant", equalTo("broker"))
                .body("state", equalTo("pending"))
                .body("severity", equalTo(1))
                .body("level", equalTo(1))
                .body("deployment", equalTo(model.deployment()))
                .body("asked_by", equalTo("integrator@broker.example"))
                .body("language", equalTo("en"))
                .body("conversation[0].content", equalTo("say:" + ADVICE))
                .body("choices[0].generated", equalTo(ADVICE))
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("findings.item", hasItem("choices[0]"))
                .body("findings[0].rule", equalTo("FIN-008@1"))
                .body("findings[0].title.zh", equalTo("未测评先推荐"))
                .body("findings[0].basis.instrument", hasItem("SEC Regulation Best Interest"));
        int start = shown.path("findings[0].start");
        int end = shown.path("findings[0].end");
        assertThat(ADVICE.substring(start, end)).startsWith("I recommend").endsWith("fund");
        long window = shown.<Integer>path("deadline") - shown.<Integer>path("opened_at");
        assertThat(window).isEqualTo(4 * 3600);
    }

    @Test
    void approvalReleasesTheRedactedText() {
        String text = ADVICE + " The client's ID is 11010519491231002X.";
        Response answer = model.ask("say:" + text);
        decide(answer.header("x-plumbline-case"), Map.of("decision", "approve"))
                .then()
                .statusCode(200)
                .body("state", equalTo("approved"));
        model.read(answer.path("id"))
                .then()
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo(ADVICE + " The client's ID is [REDACTED:resident-id]."));
    }

    @Test
    void aRejectionIsToldInTheCallersLanguage() {
        Response answer = model.ask("say:建议您买入沪深300指数基金。");
        decide(answer.header("x-plumbline-case"), Map.of("decision", "reject", "reason", "no profile"))
                .then()
                .statusCode(200)
                .body("state", equalTo("rejected"));
        Response told = model.read(answer.path("id"));
        told.then()
                .body("choices[0].finish_reason", equalTo("content_filter"))
                .body("choices[0].message.content", equalTo("审核员未放行此回答。"));
        assertThat(told.asString()).doesNotContain("no profile");
    }

    @Test
    void aStreamNamesTheCaseInItsLastChunkAndNothingOfTheHeldTextLeaves() {
        String opening = "Funds rise and fall, so think about how much you can lose. ";
        Response stream = model.ask("say:" + opening + ADVICE, "stream", true);
        List<JsonNode> events = AnswerEvents.of(stream);
        StringBuilder seen = new StringBuilder();
        events.forEach(e -> seen.append(e.at("/choices/0/delta/content").asText("")));
        assertThat(seen.toString().strip()).isEqualTo(opening.strip());
        JsonNode last = events.getLast();
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("content_filter");
        assertThat(last.at("/plumbline/case").asText()).startsWith("case-");
        assertThat(stream.asString()).doesNotContain("bond").endsWith("data: [DONE]\n\n");

        decide(last.at("/plumbline/case").asText(), Map.of("decision", "approve"))
                .then()
                .statusCode(200);
        model.read(last.path("id").asText()).then().body("choices[0].message.content", equalTo(opening + ADVICE));
    }

    @Test
    void aHeldQuestionIsDraftedAndNothingLeaves() {
        List<Map<String, String>> messages = List.of(
                Map.of("role", "user", "content", "My 4-year-old son has a cough."),
                Map.of("role", "assistant", "content", "I see."),
                Map.of("role", "user", "content", "say:Warm drinks may help."));
        Response answer = model.ask(messages);
        answer.then()
                .statusCode(200)
                .header("x-plumbline-case", notNullValue())
                .body("choices[0].finish_reason", equalTo("content_filter"))
                .body("choices[0].message.content", containsString("guardian"));
        assertThat(answer.asString()).doesNotContain("Warm drinks");
        Callers.as(REVIEWER)
                .get(CASES + answer.header("x-plumbline-case"))
                .then()
                .body("choices[0].generated", equalTo("Warm drinks may help."))
                .body("findings[0].item", equalTo("messages[0]"))
                .body("findings[0].stage", equalTo("input"))
                .body("severity", equalTo(2));

        // Nothing can leave before the end, so the header of a stream can name the case too.
        Response stream = model.ask(messages, "stream", true);
        assertThat(stream.header("x-plumbline-case")).startsWith("case-");
        JsonNode last = AnswerEvents.of(stream).getLast();
        assertThat(last.at("/plumbline/case").asText()).isEqualTo(stream.header("x-plumbline-case"));
        assertThat(stream.asString()).doesNotContain("Warm");
    }

    @Test
    void onlyTheHeldChoicesAreParked() {
        Response answer = model.ask("each:Bonds are loans.||" + ADVICE, "n", 2, "seed", 0);
        answer.then()
                .statusCode(200)
                .body("choices[0].finish_reason", equalTo("stop"))
                .body("choices[0].message.content", equalTo("Bonds are loans."))
                .body("choices[1].finish_reason", equalTo("content_filter"));
        String caseId = answer.header("x-plumbline-case");
        Callers.as(REVIEWER)
                .get(CASES + caseId)
                .then()
                .body("choices", hasSize(1))
                .body("choices[0].index", equalTo(1));
        decide(caseId, Map.of("decision", "approve")).then().statusCode(200);
        model.read(answer.path("id"))
                .then()
                .body("choices[0].message.content", equalTo("Bonds are loans."))
                .body("choices[1].message.content", equalTo(ADVICE))
                .body("choices[1].finish_reason", equalTo("stop"));
    }

    @Test
    void whatARuleBlocksIsNoCase() {
        Response answer = model.ask("say:" + ADVICE + " You cannot lose with this fund.");
        answer.then()
                .statusCode(200)
                .header("x-plumbline-case", nullValue())
                .body("choices[0].finish_reason", equalTo("content_filter"));
        model.read(answer.path("id")).then().statusCode(404);
    }

    @Test
    void verdictsAndUsageOfAHeldAnswerAreBooked() {
        Response answer = model.ask("say:" + ADVICE);
        Callers.as("auditor@broker.example")
                .get("/api/v1/verdicts?subject_id=" + answer.path("id"))
                .then()
                .body("data.rule", hasItem("FIN-008@1"))
                .body("data.action", hasItem("hold"));
    }

    @Test
    void withoutACaseThereIsNoAnswer() {
        observer.set(true);
        Response failed = model.ask("say:" + ADVICE);
        failed.then().statusCode(500).body("error.code", equalTo("internal_error"));
        assertThat(failed.asString()).doesNotContain("bond fund");
        Response stream = model.ask("say:" + ADVICE, "stream", true);
        assertThat(AnswerEvents.of(stream).getLast().at("/error/code").asText()).isEqualTo("internal_error");
        assertThat(stream.asString()).doesNotContain("bond fund", "content_filter", "[DONE]");
        String id = AnswerEvents.of(stream).getFirst().path("id").asText();
        model.read(id).then().statusCode(404);
        Callers.as(REVIEWER)
                .get("/api/v1/review/cases?limit=100")
                .then()
                .statusCode(200)
                .body("data.answer_id", not(hasItem(id)));
    }
}
