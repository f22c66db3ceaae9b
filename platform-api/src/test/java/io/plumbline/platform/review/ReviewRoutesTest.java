package io.plumbline.platform.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.plumbline.inference.TenantId;
import io.plumbline.platform.tenant.CurrentTenant;
import io.plumbline.platform.testing.Callers;
import io.plumbline.platform.testing.PlatformTest;
import io.plumbline.platform.testing.RuledModel;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The reviewers' routes: status, shape, who may call them. */
@PlatformTest
class ReviewRoutesTest {
    private static final String CASES = "/api/v1/review/cases";
    private static final String REVIEWER = "reviewer@plumbline.example";

    @Inject
    AgroalDataSource app;

    @Inject
    CurrentTenant currentTenant;

    private RuledModel model;

    @BeforeEach
    void deploy() {
        model = RuledModel.of("broker", "FIN-008");
    }

    @AfterEach
    void retire() {
        model.close();
    }

    private static RequestSpecification as(String user) {
        return Callers.as(user).contentType("application/json");
    }

    private static Response act(String user, String id, String verb, Map<String, Object> body) {
        RequestSpecification request = as(user).body(body);
        return verb.equals("draft")
                ? request.put("%s/%s/draft".formatted(CASES, id))
                : request.post("%s/%s/%s".formatted(CASES, id, verb));
    }

    private static Map<String, Map<String, Object>> bodies() {
        return Map.of(
                "renew", Map.of("token", 1),
                "release", Map.of("token", 1),
                "draft", Map.of("token", 1),
                "decision", Map.of("token", 1, "decision", "approve"));
    }

    @Test
    void aCaseGoesThroughItsLife() {
        String id = model.heldCase();
        as(REVIEWER)
                .get(CASES + "?limit=100")
                .then()
                .statusCode(200)
                .body("object", equalTo("list"))
                .body("data.id", hasItem(id));
        Response claimed = as(REVIEWER).post("%s/%s/claim".formatted(CASES, id));
        claimed.then()
                .statusCode(200)
                .body("state", equalTo("claimed"))
                .body("lease.holder", equalTo(REVIEWER))
                .body("draft", nullValue());
        Integer token = claimed.path("lease.token");
        as(REVIEWER)
                .get(CASES + "?state=claimed&mine=true&level=1&limit=100")
                .then()
                .body("data.id", hasItem(id));
        act(REVIEWER, id, "renew", Map.of("token", token)).then().statusCode(200);
        act(
                        REVIEWER,
                        id,
                        "draft",
                        Map.of("token", token, "texts", List.of(Map.of("index", 0, "text", "Not")), "note", "n"))
                .then()
                .statusCode(200)
                .body("texts[0].text", equalTo("Not"));
        act(REVIEWER, id, "release", Map.of("token", token))
                .then()
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("draft.note", equalTo("n"));

        act(REVIEWER, id, "draft", Map.of("token", token, "texts", List.of(Map.of("index", 0, "text", "Not yet"))))
                .then()
                .statusCode(409)
                .body("error.code", equalTo("lease_lost"));
        as(REVIEWER).get(CASES + "/" + id).then().body("draft.texts[0].text", equalTo("Not yet"));
        act(REVIEWER, id, "decision", Map.of("token", token, "decision", "reject", "reason", "stale"))
                .then()
                .statusCode(409)
                .body("error.code", equalTo("lease_lost"))
                .body("error.param", equalTo("token"));

        Integer fresh = as(REVIEWER).post("%s/%s/claim".formatted(CASES, id)).path("lease.token");
        assertThat(fresh).isGreaterThan(token);
        act(REVIEWER, id, "decision", Map.of("token", fresh, "decision", "reject", "reason", "no profile"))
                .then()
                .statusCode(200)
                .body("state", equalTo("rejected"))
                .body("outcome.reason", equalTo("no profile"));
        as(REVIEWER).get(CASES + "?state=rejected&mine=true").then().body("data[0].id", equalTo(id));
        as(REVIEWER)
                .post("%s/%s/claim".formatted(CASES, id))
                .then()
                .statusCode(409)
                .body("error.code", equalTo("case_decided"));
    }

    @Test
    void whatIsWrongIsNamed() {
        String id = model.heldCase();
        Integer token = as(REVIEWER).post("%s/%s/claim".formatted(CASES, id)).path("lease.token");
        Map<Map<String, Object>, String> wrong = Map.of(
                Map.of("token", token, "decision", "perhaps"), "decision",
                Map.of("token", token, "decision", "reject"), "reason",
                Map.of("token", token, "decision", "edit"), "texts",
                Map.of("token", token, "decision", "approve", "reason", "x"), "reason",
                Map.of("decision", "approve"), "token");
        wrong.forEach((body, param) ->
                act(REVIEWER, id, "decision", body).then().statusCode(400).body("error.param", equalTo(param)));
        for (String query : List.of("state=odd", "level=3", "after=odd", "limit=0")) {
            as(REVIEWER)
                    .get(CASES + "?" + query)
                    .then()
                    .statusCode(400)
                    .body("error.param", equalTo(query.substring(0, query.indexOf('='))));
        }
    }

    @Test
    void pagesJoinUp() {
        String first = model.heldCase();
        String second = model.heldCase();
        Response page = as(REVIEWER).get(CASES + "?limit=1");
        page.then().statusCode(200).body("has_more", equalTo(true));
        String cursor = page.path("next_after");
        String seen = page.path("data[0].id");
        for (int i = 0; i < 500 && cursor != null && !(seen.contains(first) && seen.contains(second)); i++) {
            page = Callers.as(REVIEWER).queryParam("after", cursor).get(CASES + "?limit=1");
            seen += page.path("data[0].id");
            cursor = page.path("next_after");
        }
        assertThat(seen).contains(first, second);
    }

    @Test
    void anAdministratorLooksAndAKeyDoesNot() {
        String id = model.heldCase();
        as("admin@broker.example").get(CASES + "/" + id).then().statusCode(200);
        as("admin@broker.example").get(CASES).then().statusCode(200);
        as("admin@broker.example")
                .post("%s/%s/claim".formatted(CASES, id))
                .then()
                .statusCode(403)
                .body("error.code", equalTo("missing_scope"));
        bodies().forEach((verb, body) -> act("admin@broker.example", id, verb, body)
                .then()
                .statusCode(403)
                .body("error.message", containsString("reviews:decide")));

        String key = Callers.key("broker", "inference", "verdicts:read");
        Callers.withKey(key).get(CASES).then().statusCode(403);
        Callers.withKey(key).get(CASES + "/" + id).then().statusCode(403);
        Callers.withKey(key).post("%s/%s/claim".formatted(CASES, id)).then().statusCode(403);
        as("admin@broker.example")
                .body(Map.of("name", "robot", "scopes", List.of("reviews:decide"), "expires_in_days", 1))
                .post("/api/v1/api-keys")
                .then()
                .statusCode(400);
    }

    @Test
    void aReviewerOfAnotherTenantFindsNothing() {
        String id = model.heldCase();
        String foreign = "reviewer@factory.example";
        as(foreign).get(CASES + "/" + id).then().statusCode(404).body("error.code", equalTo("not_found"));
        as(foreign).post("%s/%s/claim".formatted(CASES, id)).then().statusCode(404);
        bodies().forEach((verb, body) -> act(foreign, id, verb, body).then().statusCode(404));
        assertThat(as(foreign).get(CASES + "?limit=100").asString()).doesNotContain(id);
        // Cleared for both, but asking for one of them only.
        as(REVIEWER)
                .header("OpenAI-Organization", "hospital")
                .get(CASES + "/" + id)
                .then()
                .statusCode(404);
    }

    @Test
    void whatHappensIsAnnouncedWithoutContent() throws SQLException {
        String id = model.heldCase();
        Integer token = as(REVIEWER).post("%s/%s/claim".formatted(CASES, id)).path("lease.token");
        act(
                        REVIEWER,
                        id,
                        "decision",
                        Map.of(
                                "token",
                                token,
                                "decision",
                                "edit",
                                "texts",
                                List.of(Map.of("index", 0, "text", "A reviewer's own words."))))
                .then()
                .statusCode(200);
        String events = currentTenant.callAs(TenantId.of("broker"), () -> payloads(id));
        assertThat(events)
                .contains("review.case.opened", "review.case.claimed", "review.case.edited")
                .contains("choices[0].generated", "choices[0].released", "FIN-008@1")
                .doesNotContain("bond fund", "own words");
    }

    private String payloads(String caseId) throws SQLException {
        try (Connection connection = app.getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "select string_agg(payload, ' ' order by seq) from outbox where event_key = ?")) {
            statement.setString(1, caseId);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return String.valueOf(rows.getString(1));
            }
        }
    }
}
