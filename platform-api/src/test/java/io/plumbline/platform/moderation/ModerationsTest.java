package io.plumbline.platform.moderation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@PlatformTest
class ModerationsTest {
    private static final String ROUTE = "/v1/moderations";
    private static final String USER = "integrator@broker.example";
    private static final String PROMISE = "本产品年化8%，到期保本付息。";
    private static final String ID_CARD = "客户身份证号11010519491231002X，请登记。";

    private static void policy(List<String> packs) {
        Callers.as("admin@broker.example")
                .contentType("application/json")
                .body(Map.of("packs", packs, "audience", "public"))
                .put("/api/v1/screening-policy")
                .then()
                .statusCode(200);
    }

    @BeforeEach
    void brokerScreensByItsRules() {
        policy(List.of("FIN", "CN"));
    }

    @AfterEach
    void backToTheFloor() {
        policy(List.of());
    }

    private static Response ask(@Nullable Object input, Object... more) {
        Map<String, @Nullable Object> body = new HashMap<>();
        body.put("input", input);
        for (int i = 0; i < more.length; i += 2) {
            body.put((String) more[i], more[i + 1]);
        }
        return Callers.as(USER).contentType("application/json").body(body).post(ROUTE);
    }

    @Test
    void aPromiseOfReturnsIsFlaggedWithItsRule() {
        Response answer = ask(PROMISE);

        String verdict = "results[0].plumbline.verdicts.find { it.rule.startsWith('FIN-001@') }.";
        answer.then()
                .statusCode(200)
                .body("id", startsWith("modr-"))
                .body("model", startsWith("plumbline-rules-"))
                .body("results", hasSize(1))
                .body("results[0].flagged", equalTo(true))
                .body("results[0].categories.illicit", equalTo(true))
                .body("results[0].categories.'plumbline/finance'", equalTo(true))
                .body("results[0].categories.violence", equalTo(false))
                .body("results[0].category_scores.illicit", equalTo(1.0f))
                .body("results[0].category_scores.violence", equalTo(0.0f))
                .body("results[0].category_applied_input_types.illicit", contains("text"))
                .body("results[0].category_applied_input_types.violence", hasSize(0))
                .body(verdict + "action", equalTo("block"))
                .body(verdict + "severity", equalTo(1))
                .body(verdict + "flags", equalTo(true))
                .body(verdict + "title.en", equalTo("Promise of principal or return"))
                .body(verdict + "item", equalTo("input"))
                .body(verdict + "stages", contains("output"))
                .body(verdict + "basis.instrument", not(hasSize(0)));
        int start = answer.path(verdict + "start");
        int end = answer.path(verdict + "end");
        assertThat(PROMISE.substring(start, end)).contains("保本");
        String hash = answer.path("results[0].plumbline.rule_set");
        assertThat(hash).hasSize(64).startsWith(((String) answer.path("model")).substring("plumbline-rules-".length()));
    }

    @Test
    void personalDataCountsAsPrivacyAlone() {
        ask(ID_CARD, "plumbline", Map.of("stage", "input"))
                .then()
                .statusCode(200)
                .body("results[0].flagged", equalTo(true))
                .body("results[0].categories.findAll { it.value }.keySet()", contains("plumbline/privacy"))
                .body("results[0].category_scores.'plumbline/privacy'", equalTo(0.75f))
                .body("results[0].plumbline.verdicts.rule", contains(startsWith("PRI-001@")))
                .body("results[0].plumbline.verdicts[0].stages", contains("input"));
        ask(ID_CARD)
                .then()
                .body(
                        "results[0].plumbline.verdicts.find { it.rule.startsWith('PRI-001@') }.stages",
                        contains("input", "output"));
    }

    @Test
    void wordsThatAnAnswerOnlyLacksDoNotFlag() {
        ask("今天的天气很好，适合出去散步。")
                .then()
                .statusCode(200)
                .body("results[0].flagged", equalTo(false))
                .body("results[0].categories.findAll { it.value }.size()", equalTo(0))
                .body("results[0].plumbline.verdicts.flags", everyItem(equalTo(false)));
        // A label is asked of answers, not of questions.
        ask("今天的天气很好，适合出去散步。", "plumbline", Map.of("stage", "input"))
                .then()
                .body("results[0].plumbline.verdicts", hasSize(0));
    }

    @Test
    void severalTextsAreJudgedEachAndPartsTogether() {
        ask(List.of("你好", PROMISE, ID_CARD))
                .then()
                .statusCode(200)
                .body("results.flagged", contains(false, true, true))
                .body("results[2].plumbline.verdicts.item", everyItem(equalTo("input[2]")));
        ask(List.of(Map.of("type", "text", "text", "你好"), Map.of("type", "text", "text", PROMISE)))
                .then()
                .statusCode(200)
                .body("results.flagged", contains(true))
                .body("results[0].plumbline.verdicts.findAll { it.flags }.item", hasItem("input[1]"));
    }

    @Test
    void theTenantsOwnRulesDecide() {
        policy(List.of());
        ask(PROMISE)
                .then()
                .statusCode(200)
                .body("results[0].flagged", equalTo(false))
                .body("results[0].category_applied_input_types.illicit", hasSize(0));
    }

    @Test
    void verdictsAreKeptWithoutTextForThisTenant() {
        String id = ask(List.of(PROMISE, ID_CARD)).path("id");

        String kept = Callers.as("auditor@broker.example")
                .get("/api/v1/verdicts?subject_id=" + id)
                .then()
                .statusCode(200)
                .body("data.rule", hasItem(startsWith("PRI-001@")))
                .body("data.item", hasItem("input[1]"))
                .body("data.model", everyItem(startsWith("plumbline-rules-")))
                .extract()
                .asString();
        assertThat(kept).doesNotContain("11010519491231002X", "保本");
        Callers.as("auditor@hospital.example")
                .get("/api/v1/verdicts?subject_id=" + id)
                .then()
                .body("data", hasSize(0));
    }

    @Test
    void aRuleSetCanBeNamed() {
        String active = ask("你好").path("model");

        for (String name : List.of(active, "plumbline-rules", "omni-moderation-latest", "text-moderation-latest")) {
            ask("你好", "model", name).then().statusCode(200).body("model", equalTo(active));
        }
        ask("你好", "model", "plumbline-rules-000000000000")
                .then()
                .statusCode(404)
                .body("error.code", equalTo("model_not_found"))
                .body("error.message", containsString(active));
    }

    @Test
    void badInputsAreNamed() {
        ask(List.of(
                        Map.of("type", "text", "text", "x"),
                        Map.of("type", "image_url", "image_url", Map.of("url", "https://example.com/x.png"))))
                .then()
                .statusCode(400)
                .body("error.code", equalTo("unsupported_parameter"))
                .body("error.param", equalTo("input[1].type"))
                .body("error.message", containsString("images"));
        ask(null).then().statusCode(400).body("error.param", equalTo("input"));
        ask(7).then().statusCode(400).body("error.param", equalTo("input"));
        ask(List.of()).then().statusCode(400).body("error.param", equalTo("input"));
        ask(List.of("x", 7)).then().statusCode(400).body("error.param", equalTo("input[1]"));
        ask(List.of(Map.of("type", "text", "text", "x"), "x"))
                .then()
                .statusCode(400)
                .body("error.param", equalTo("input[1]"));
        ask(List.of(Map.of("type", "text"))).then().statusCode(400).body("error.param", equalTo("input[0]"));
        ask(Collections.nCopies(257, "x")).then().statusCode(400);
        ask("x", "plumbline", Map.of("stage", "later"))
                .then()
                .statusCode(400)
                .body("error.param", equalTo("plumbline.stage"));
        ask("").then().statusCode(200).body("results[0].flagged", equalTo(false));
    }

    @Test
    void whoMayNotInferMayNotModerate() {
        given().contentType("application/json")
                .body(Map.of("input", "x"))
                .post(ROUTE)
                .then()
                .statusCode(401);
        Callers.as("auditor@broker.example")
                .contentType("application/json")
                .body(Map.of("input", "x"))
                .post(ROUTE)
                .then()
                .statusCode(403)
                .body("error.code", equalTo("missing_scope"));
    }
}
